-- A log buffer: its keys. What is no log of ours has none.
local log = require('brummer.log').get()
if log then
  require('brummer.keys').map(log.bufnr, 'Log', require('brummer.log.keys').of(log))
end
vim.bo.modifiable = false
