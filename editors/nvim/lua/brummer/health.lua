--- `:checkhealth brummer`. Each of its questions is given a moment only, and one
--- that is not answered ends the check.
if vim.fn.has('nvim-0.10') == 0 then
  return {
    check = function()
      local health = vim.health or {} -- 0.8 brought it, 0.10 the names
      local report = health.error or health.report_error or vim.fn['health#report_error']
      report(require('brummer.old').text)
    end,
  }
end

local client = require('brummer.client')
local config = require('brummer.config')
local health = vim.health

local M = {}

local function check_neovim()
  health.start('Neovim')
  health.ok(tostring(vim.version()))
end

local function check_options()
  health.start('Options')
  local mistakes = config.mistakes()
  for _, m in ipairs(mistakes) do
    health.error(m, ':help brummer-options')
  end
  if #mistakes == 0 then
    health.ok(vim.deep_equal(config.get(), config.defaults) and 'the defaults' or 'all are known')
  end
end

-- run gives what a command prints, or why it does not.
local function run(cmd)
  local ok, process = pcall(vim.system, cmd, { text = true })
  if not ok then
    return nil, tostring(process)
  end
  local result = process:wait(client.block_ms)
  if result.code == 124 and result.signal ~= 0 then
    return nil, ('it has not answered within %d ms'):format(client.block_ms)
  elseif result.code ~= 0 then
    return nil, vim.trim(result.stderr or '')
  end
  return vim.trim(result.stdout)
end

local function check_program()
  health.start('Program')
  local command = config.get().command
  if vim.fn.executable(command[1]) == 0 then
    health.error(command[1] .. ' is not executable', { 'install brummer-rpc', "or name it: require('brummer').setup{ command = { '/path/to/brummer-rpc' } }" })
    return false
  end
  local version, why = run({ command[1], 'version', '--json' })
  local ok, v = pcall(vim.json.decode, version or '')
  if not ok then
    health.error(('%s version: %s'):format(command[1], why or version))
    return false
  end
  health.ok(('%s: %s, protocol %d'):format(vim.fn.exepath(command[1]), v.version, v.protocol))
  if v.protocol ~= client.protocol then
    health.error(('this plugin speaks protocol %d'):format(client.protocol), 'take the plugin that the program brings along: brummer-rpc nvim-plugin --path')
  end
  return true
end

local function check_engine()
  health.start('Workspace')
  local root, why = require('brummer.root').find()
  health.info(('%s (%s)'):format(root, why))
  if not client.connected() then
    health.info('not connected; the first :Brummer connects')
    return
  end
  local info = client.call_sync('session/info')
  if not info then
    health.warn(('the engine has not answered within %d ms'):format(client.block_ms))
    return
  end
  health.ok(('connected to the engine of %s, pid %d, with %d clients'):format(info.root, info.pid, #info.sessions))
  if info.root ~= root and vim.uv.fs_realpath(root) ~= info.root then
    health.warn(('this is another folder than %s'):format(root), ':Brummer restart-engine connects to the one of the present folder')
  end
  health.info('socket: ' .. tostring(info.socket))
  local configuration = client.call_sync('project/config')
  for _, issue in ipairs(configuration and configuration.issues or {}) do
    health.error(('%s:%d: %s'):format(issue.file, issue.line or 1, issue.message))
  end
end

local function check_others()
  health.start('Other plugins')
  local found = {}
  for _, name in ipairs({ 'telescope', 'fzf-lua', 'snacks', 'lualine' }) do
    if #vim.api.nvim_get_runtime_file('lua/' .. name .. '/init.lua', false) + #vim.api.nvim_get_runtime_file('lua/' .. name .. '.lua', false) > 0 then
      found[#found + 1] = name
    end
  end
  health.info(
    #found > 0 and 'found: ' .. table.concat(found, ', ') .. '; see :help brummer-pickers' or 'none that this one has a part for; vim.ui.select is used'
  )
end

function M.check()
  check_neovim()
  check_options()
  if check_program() then
    check_engine()
  end
  check_others()
end

return M
