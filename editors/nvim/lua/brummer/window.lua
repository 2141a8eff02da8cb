--- Where buffers are shown: in splits as the user's modifiers and count say, or
--- floating.
local M = {}

---@class brummer.Where
---@field count? integer the height, or with `vertical` the width
---@field mods? vim.api.keyset.cmd_mods as `nvim_create_user_command` gives them
---@field height? integer without a count

local function asked(mods)
  return mods.vertical or (mods.tab or -1) >= 0 or (mods.split or '') ~= ''
end

-- split opens a window below, or as the modifiers say.
local function split(bufnr, where, mods)
  local place = (mods.split or '') ~= '' and mods.split or 'botright'
  vim.cmd.sbuffer({ args = { tostring(bufnr) }, mods = { split = place, vertical = mods.vertical, tab = mods.tab, keepalt = true } })
  if (mods.tab or -1) >= 0 then
    return
  end
  if mods.vertical then
    if where.count then
      vim.api.nvim_win_set_width(0, where.count)
    end
  else
    vim.api.nvim_win_set_height(0, where.count or where.height or 10)
  end
end

--- Shows a buffer, or goes to the window that shows it.
---@param bufnr integer
---@param where? brummer.Where
---@return integer window
function M.show(bufnr, where)
  where = where or {}
  local mods = where.mods or {}
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 and not asked(mods) then
    vim.api.nvim_set_current_win(window)
    if where.count then
      vim.api.nvim_win_set_height(0, where.count)
    end
  else
    split(bufnr, where, mods)
  end
  return vim.api.nvim_get_current_win()
end

--- Closes the window; the last one shows something else instead.
function M.close()
  if not pcall(vim.cmd.close) then
    vim.cmd.enew()
  end
end

--- What all our windows look like.
---@param window integer
---@param options table<string, any>
function M.dress(window, options)
  local all = { number = false, relativenumber = false, wrap = false, spell = false, list = false, signcolumn = 'no', foldcolumn = '0', colorcolumn = '' }
  for name, value in pairs(vim.tbl_extend('force', all, options)) do
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
end

--- Shows a few lines in a float in the middle, which any of q, <Esc> and leaving
--- it closes.
---@param title string
---@param lines string[]
---@return integer bufnr
---@return integer window
function M.card(title, lines)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable, vim.bo[bufnr].bufhidden = false, 'wipe'
  local width = vim.fn.strdisplaywidth(title) + 4
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line) + 1)
  end
  width = math.min(width, vim.o.columns - 4)
  local height = math.max(1, math.min(#lines, vim.o.lines - 4))
  local window = vim.api.nvim_open_win(bufnr, true, {
    relative = 'editor',
    width = width,
    height = height,
    col = math.floor((vim.o.columns - width) / 2),
    row = math.floor((vim.o.lines - height) / 2) - 1,
    style = 'minimal',
    border = 'rounded',
    title = ' ' .. title .. ' ',
  })
  M.dress(window, { wrap = true, cursorline = false })
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, '<Cmd>close<CR>', { buffer = bufnr, nowait = true })
  end
  vim.api.nvim_create_autocmd('WinLeave', {
    buffer = bufnr,
    once = true,
    callback = vim.schedule_wrap(function()
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
    end),
  })
  return bufnr, window
end

return M
