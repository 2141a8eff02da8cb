--- The floating peek: the end of a process's log beside the cursor, live. It goes
--- when the cursor moves; asked for again, it takes the cursor.
local config = require('brummer.config')
local logs = require('brummer.log')
local state = require('brummer.state')

local M = {}

local open = nil ---@type integer? the window

local function close()
  if open and vim.api.nvim_win_is_valid(open) then
    vim.api.nvim_win_close(open, true)
  end
  open = nil
end

-- leaving closes the peek with the next movement in the window that asked for it,
-- and when the cursor leaves the peek itself.
local function leaving(asked_in, shows)
  local from, at = vim.api.nvim_get_current_win(), vim.api.nvim_win_get_cursor(0)
  local function stays()
    return vim.api.nvim_get_current_win() == from and vim.deep_equal(vim.api.nvim_win_get_cursor(0), at)
  end
  local group = vim.api.nvim_create_augroup('brummer.peek', {})
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'InsertEnter', 'BufHidden' }, {
    group = group,
    buffer = asked_in,
    nested = true, -- the buffer that goes has autocommands, too
    callback = function(event)
      if event.event == 'CursorMoved' and stays() then
        return -- it tells of a movement before
      elseif vim.api.nvim_get_current_win() ~= open then
        close()
        return true
      end
    end,
  })
  vim.api.nvim_create_autocmd('WinLeave', {
    group = group,
    buffer = shows,
    callback = function()
      if vim.api.nvim_get_current_win() == open then
        vim.schedule(close)
        return true
      end
    end,
  })
end

local function heading(log)
  local id = log.processes and log.processes[1]
  local process = id and state.processes[id]
  return (' %s%s '):format(id or 'all processes', process and ' · ' .. process.state or '')
end

-- above reports whether a float with its border has more room above the cursor. Not
-- screenrow() says where that is: it is where it was drawn last.
local function above(height)
  local row = vim.fn.win_screenpos(0)[1] + vim.fn.winline() - 1
  local below = vim.o.lines - vim.o.cmdheight - row
  return below < height + 2 and row - 1 > below
end

--- Shows the end of a process's log.
---@param id? string nil for all
function M.open(id)
  if open and vim.api.nvim_win_is_valid(open) then
    return vim.api.nvim_set_current_win(open)
  end
  local log = logs.of(id and { id } or nil, 'peek')
  vim.bo[log.bufnr].bufhidden = 'wipe'
  local size = config.get().peek
  local asked_in = vim.api.nvim_get_current_buf()
  local up = above(size.height)
  open = vim.api.nvim_open_win(log.bufnr, false, {
    relative = 'cursor',
    anchor = up and 'SW' or 'NW',
    row = up and 0 or 1,
    col = 0,
    width = math.min(size.width, vim.o.columns - 4),
    height = size.height,
    style = 'minimal',
    border = 'rounded',
    title = heading(log),
  })
  logs.dress(open)
  vim.wo[open].winbar, vim.wo[open].cursorline = '', false
  vim.api.nvim_win_set_cursor(open, { vim.api.nvim_buf_line_count(log.bufnr), 0 })
  log:wake()
  leaving(asked_in, log.bufnr)
end

--- Shows a log in a float in the middle, with the cursor in it.
---@param log brummer.Log
function M.float(log)
  local width, height = math.floor(vim.o.columns * 0.8), math.floor(vim.o.lines * 0.6)
  local win = vim.api.nvim_open_win(log.bufnr, true, {
    relative = 'editor',
    width = width,
    height = height,
    col = math.floor((vim.o.columns - width) / 2),
    row = math.floor((vim.o.lines - height) / 2),
    style = 'minimal',
    border = 'rounded',
    title = heading(log),
  })
  logs.dress(win)
  vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(log.bufnr), 0 })
end

return M
