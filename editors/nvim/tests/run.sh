#!/usr/bin/env bash
# Runs the plugin's tests in one Neovim, with the real program:
#   tests/run.sh NVIM BRUMMER_RPC
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/run"
chmod 700 "$home/run"
export XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state XDG_CACHE_HOME=$home/cache XDG_RUNTIME_DIR=$home/run
export NVIM_UNDER_TEST=$1 BRUMMER_RPC=$2 BRUMMER_PLUGIN=$here
# An unpacked Neovim has its parsers beside it, where it does not look.
parsers=$(find "$(dirname "$1")/root/usr/lib" -maxdepth 3 -type d -name parser 2>/dev/null | head -n 1 || true)
exec "$1" --headless ${parsers:+--cmd "set rtp+=$(dirname "$parsers")"} --clean -u NONE -i NONE -n --cmd "set rtp^=$here" -c "luafile $here/tests/run.lua" -c 'cquit 2'
