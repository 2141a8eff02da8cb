--- Lists to walk through: the quickfix list, or the location list of a window.
local M = {}

---@class brummer.QuickfixOptions
---@field loclist? boolean the location list of the present window
---@field height? integer of its window
---@field quiet? boolean do not open it

--- Fills a list and opens it, or closes it if there is nothing.
---@param title string
---@param items table[] as setqflist() wants them
---@param opts? brummer.QuickfixOptions
---@param nothing string what to say if there are no items
function M.fill(title, items, opts, nothing)
  opts = opts or {}
  local what = { title = 'brummer: ' .. title, items = items }
  if opts.loclist then
    vim.fn.setloclist(0, {}, ' ', what)
  else
    vim.fn.setqflist({}, ' ', what)
  end
  if #items == 0 then
    require('brummer.tell').info(nothing)
  end
  if not opts.quiet then
    local prefix = opts.loclist and 'l' or 'c'
    vim.cmd(#items > 0 and ('%sopen %s'):format(prefix, opts.height or '') or prefix .. 'close')
  end
end

return M
