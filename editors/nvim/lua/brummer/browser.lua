--- Addresses, shown by the system's browser.
local M = {}

--- Opens an address, or says why that can't be done.
---@param url string
function M.open(url)
  local _, err = vim.ui.open(url)
  if err then
    require('brummer.tell').error(("%s can't be opened: %s"):format(url, err))
  end
end

return M
