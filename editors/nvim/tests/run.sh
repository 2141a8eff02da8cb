#!/usr/bin/env bash
# Runs the plugin's tests in one Neovim, with the real program:
#   tests/run.sh NVIM BRUMMER_RPC [SPEC...]
# A spec is a file of tests/spec by its name: log, list, screen. Each has a Neovim,
# a workspace and an engine of its own. startup and latency, which are in
# tests/measure, tell figures.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
nvim=$1 program=$2
shift 2
specs=("$@")
if [ ${#specs[@]} = 0 ]; then
  for f in "$here"/tests/spec/*.lua; do specs+=("$(basename "$f" .lua)"); done
  specs+=(startup latency)
fi
home=
clean() { if [ -n "$home" ]; then rm -rf "$home"; fi; }
trap clean EXIT
# An unpacked Neovim has its parsers beside it, where it does not look.
parsers=$(find "$(dirname "$nvim")"/*/usr/lib -maxdepth 3 -type d -name parser 2>/dev/null | head -n 1 || true)
export NVIM_UNDER_TEST=$nvim BRUMMER_RPC=$program BRUMMER_PLUGIN=$here BRUMMER_PARSERS=${parsers:+$(dirname "$parsers")}
# run SPEC runs one in a fresh home.
run() {
  local script=(--headless ${parsers:+--cmd "set rtp+=$BRUMMER_PARSERS"} --cmd "set rtp^=$here"
    -c "luafile $here/tests/run.lua" -c 'cquit 2' -- "$here/tests/spec/$1.lua")
  if [ -e "$here/tests/measure/$1.lua" ]; then script=(-l "$here/tests/measure/$1.lua"); fi
  XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state XDG_CACHE_HOME=$home/cache \
    XDG_RUNTIME_DIR=$home/run BRUMMER_WORK=$home/work NVIM_LOG_FILE=$home/log \
    "$nvim" --clean -u NONE -i NONE -n "${script[@]}" </dev/null
}

failed=()
for spec in "${specs[@]}"; do
  clean
  home=$(mktemp -d)
  mkdir -p "$home"/{run,work,data}
  chmod 700 "$home/run"
  echo "# $spec"
  run "$spec" || failed+=("$spec")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}; alone: editors/nvim/tests/run.sh $nvim $program ${failed[0]}"
  exit 1
fi
