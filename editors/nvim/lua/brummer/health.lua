--- `:checkhealth brummer`
local M = {}

function M.check()
  local health = vim.health
  health.start('brummer')
  if vim.fn.has('nvim-0.10') == 0 then
    health.error('Neovim 0.10 or newer is needed')
  end
  local config = require('brummer.config')
  local command = config.get().command
  if vim.fn.executable(command[1]) == 0 then
    health.error(command[1] .. ' is not executable', { 'install brummer-rpc', "or name it: require('brummer').setup{ command = { '/path/to/brummer-rpc' } }" })
    return
  end
  local version = vim.fn.system({ command[1], 'version' })
  if vim.v.shell_error ~= 0 then
    health.error(command[1] .. ' version fails: ' .. vim.trim(version))
    return
  end
  health.ok(vim.fn.exepath(command[1]) .. ': ' .. vim.trim(version))
  health.info('workspace: ' .. config.root())
  local client = require('brummer.client')
  if not client.connected() then
    health.info('not connected; the first :Brummer connects')
    return
  end
  local info = client.call_sync('session/info')
  if not info then
    health.warn('the engine does not answer within 300 ms')
    return
  end
  health.ok(('connected to the engine of %s, pid %d, with %d clients'):format(info.root, info.pid, #info.sessions))
  local config_problems = client.call_sync('problems/list', { file = 'brummer.toml' })
  for _, p in ipairs(config_problems and config_problems.problems or {}) do
    health.error(('brummer.toml:%d: %s'):format(p.location.line + 1, p.message))
  end
end

return M
