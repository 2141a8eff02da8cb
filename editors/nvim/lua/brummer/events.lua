--- The `User` autocommands: this table is all of them, and what the help has.
local M = {}

--- By name, without the prefix Brummer: when it comes.
M.all = {
  Connected = 'there is a connection to the engine',
  Disconnected = 'the connection has ended',
  ProcessChanged = 'processes are not what they were',
  ProcessFailed = 'a process has ended with a failure',
  Problems = 'problems have come or gone',
  Tests = 'tests have other results',
  Urls = 'addresses have come or gone',
  ProjectChanged = 'what can be run is not what it was',
}

-- What statuslines and winbars show. Neovim draws those anew only when it has some
-- other reason to.
local shown = { Connected = true, Disconnected = true, ProcessChanged = true, Problems = true }

--- Fires an autocommand, and has what may show the news drawn anew.
---@param name string without the prefix
---@param data? table
function M.fire(name, data)
  assert(M.all[name], name)
  vim.api.nvim_exec_autocmds('User', { pattern = 'Brummer' .. name, modeline = false, data = data })
  if shown[name] then
    vim.cmd.redrawstatus({ bang = true })
  end
end

return M
