--- The keys of our buffers: each buffer has a table of them, from which its maps
--- are made, and the card that g? shows.
local M = {}

---@class brummer.Key
---@field [1] string what is typed
---@field [2] string what it does, for people
---@field [3] fun()|string
---@field mode? string|string[] default n

--- Makes the maps of a buffer, and g? to show them.
---@param bufnr integer
---@param title string
---@param keys brummer.Key[]
function M.map(bufnr, title, keys)
  for _, key in ipairs(keys) do
    vim.keymap.set(key.mode or 'n', key[1], key[3], { buffer = bufnr, nowait = true, silent = true, desc = key[2] })
  end
  vim.keymap.set('n', 'g?', function()
    M.help(title, keys)
  end, { buffer = bufnr, nowait = true, desc = 'help' })
end

--- Shows a table of keys; lines that do the same are one.
---@param title string
---@param keys brummer.Key[]
function M.help(title, keys)
  local order, by = {}, {}
  for _, key in ipairs(keys) do
    if not by[key[2]] then
      by[key[2]] = {}
      order[#order + 1] = key[2]
    end
    if not vim.tbl_contains(by[key[2]], key[1]) then
      table.insert(by[key[2]], key[1])
    end
  end
  local lines, width = {}, 0
  for _, what in ipairs(order) do
    width = math.max(width, #table.concat(by[what], ' '))
  end
  for i, what in ipairs(order) do
    lines[i] = (' %-' .. width .. 's  %s'):format(table.concat(by[what], ' '), what)
  end
  require('brummer.window').card(title, lines)
end

return M
