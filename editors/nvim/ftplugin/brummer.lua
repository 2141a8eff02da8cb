-- The list of processes: its keys.
local bufnr = vim.api.nvim_get_current_buf()
if vim.api.nvim_buf_get_name(bufnr):find('^brummer://processes') then
  require('brummer.keys').map(bufnr, 'Processes', require('brummer.list.keys').of())
end
vim.bo.modifiable = false
