--- The log buffers: one for each set of processes that somebody looks at. Each
--- follows the engine while it is in a window; in a hidden one nothing happens.
local Feed = require('brummer.log.feed')
local Lines = require('brummer.log.lines')
local config = require('brummer.config')
local filters = require('brummer.log.filter')
local window = require('brummer.window')

local M = {}

---@class brummer.Log
---@field bufnr integer
---@field processes? string[] nil for all
---@field filter brummer.LogFilter
---@field lines brummer.LogLines
---@field feed brummer.LogFeed
local Log = {}
Log.__index = Log

local logs = {} ---@type table<integer, brummer.Log> by buffer

--- The log that a buffer shows.
---@param bufnr? integer
---@return brummer.Log?
function M.get(bufnr)
  return logs[bufnr or vim.api.nvim_get_current_buf()]
end

-- busy reports whether the user's hands are on the cursor: a selection must not
-- grow, and a search not begin elsewhere, because a line comes.
local function busy()
  return vim.fn.mode():find('^[vV\22]') ~= nil or vim.fn.getcmdtype():find('[/?]') ~= nil
end

-- followers are the windows that show the end of the buffer, and so stay there.
local function followers(log)
  local last, current = vim.api.nvim_buf_line_count(log.bufnr), vim.api.nvim_get_current_win()
  return vim.tbl_filter(function(w)
    return vim.api.nvim_win_get_cursor(w)[1] >= last and not (w == current and busy())
  end, vim.fn.win_findbuf(log.bufnr))
end

local function to_end(log, windows)
  local last = vim.api.nvim_buf_line_count(log.bufnr)
  for _, w in ipairs(windows) do
    vim.api.nvim_win_set_cursor(w, { last, 0 })
  end
end

--- Shows other lines: what is given of the filter is changed, false takes away.
---@param change table<string, any>
function Log:refine(change)
  for key, value in pairs(change) do
    self.filter[key] = value or nil
  end
  self.feed:begin()
end

--- Shows all again that the buffer is for.
function Log:unfilter()
  local processes = self.processes
  for key in pairs(self.filter) do
    self.filter[key] = nil
  end
  self:refine({ processes = processes })
end

--- Goes to what is newest, and follows.
function Log:newest()
  if self.feed.live then
    to_end(self, { vim.api.nvim_get_current_win() })
    self.feed:flush()
  else
    self.feed:begin()
  end
end

--- Fills the buffer and follows, if it does not yet.
function Log:wake()
  if not self.feed.begun then
    self.feed:begin()
  end
end

--- The process that wrote a line of the buffer.
---@param lnum integer
---@return string?
function Log:process_at(lnum)
  local record = self.lines:record(lnum)
  local only = self.processes and #self.processes == 1 and self.processes[1]
  return record and record.process or only or nil
end

-- moved fetches what lies beyond the end that the cursor has come to.
local function moved(log)
  local lnum = vim.api.nvim_win_get_cursor(0)[1]
  if lnum == 1 then
    log.feed:older()
  end
  if lnum == vim.api.nvim_buf_line_count(log.bufnr) then
    if log.feed.live then
      log.feed:flush() -- what has waited for a reader to come back
    else
      log.feed:newer()
    end
  end
end

local function watch(log)
  local group = vim.api.nvim_create_augroup('brummer.log.' .. log.bufnr, {})
  local function on(event, callback, pattern)
    vim.api.nvim_create_autocmd(event, { group = group, buffer = not pattern and log.bufnr or nil, pattern = pattern, callback = callback })
  end
  on('CursorMoved', function()
    moved(log)
  end)
  on('BufHidden', function()
    log.feed:stop()
  end)
  on('BufWinEnter', function()
    log:wake()
  end)
  on('BufWipeout', function()
    log.feed:stop()
    log.lines:drop()
    logs[log.bufnr] = nil
    vim.api.nvim_del_augroup_by_id(group)
  end)
  on('User', function()
    if #vim.fn.win_findbuf(log.bufnr) > 0 then
      log:wake()
    end
  end, 'BrummerConnected')
  on('User', function()
    log.feed:stop()
  end, 'BrummerDisconnected')
end

local function create(name, processes)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, name)
  vim.bo[bufnr].bufhidden = 'hide'
  vim.bo[bufnr].undolevels = -1
  local log = setmetatable({ bufnr = bufnr, processes = processes, filter = { processes = processes } }, Log)
  log.lines = Lines.new(bufnr, not processes or #processes > 1)
  log.feed = Feed.new(log.lines, log.filter, {
    followers = function()
      return followers(log)
    end,
    drawn = function(windows)
      to_end(log, windows)
    end,
  })
  logs[bufnr] = log
  vim.bo[bufnr].filetype = 'brummerlog' -- its ftplugin makes the maps
  watch(log)
  return log
end

--- A log of some processes, or of all with nil; it is made if there is none.
---@param processes? string[]
---@param kind? string what it is for; a peek must not have the filters of a log
---@return brummer.Log
function M.of(processes, kind)
  local name = ('brummer://%s/%s'):format(kind or 'log', processes and table.concat(processes, ',') or '*')
  for _, log in pairs(logs) do
    if vim.api.nvim_buf_get_name(log.bufnr) == name then
      return log
    end
  end
  return create(name, processes)
end

--- Output has been cleared: what is shown is read anew.
function M.cleared()
  for _, log in pairs(logs) do
    if log.feed.begun then
      log.feed:begin()
    end
  end
end

---@class brummer.LogOpen: brummer.LogFilter
---@field float? boolean
---@field where? brummer.Where

local function refined(opts)
  return { level = opts.level or false, stream = opts.stream or false, text = opts.text or false, regexp = opts.regexp or false }
end

--- Shows the log of some processes, or of all with nil, in a split below, or goes
--- to the window that has it.
---@param processes? string[]
---@param opts? brummer.LogOpen
function M.open(processes, opts)
  opts = opts or {}
  local log = M.of(processes)
  local wanted = refined(opts)
  local other = wanted.level or wanted.stream or wanted.text or wanted.regexp
  if other then
    for key, value in pairs(wanted) do
      log.filter[key] = value or nil
    end
    log.feed:stop()
  end
  if opts.float then
    return require('brummer.peek').float(log)
  end
  local where = vim.tbl_extend('keep', opts.where or {}, { height = config.get().log.height })
  M.dress(window.show(log.bufnr, where))
  log:wake()
  to_end(log, { 0 })
end

--- Gives a window that shows a log its looks.
---@param win integer
function M.dress(win)
  window.dress(win, { wrap = config.get().log.wrap, cursorline = true, winbar = "%{%v:lua.require'brummer.log'.winbar()%}" })
end

local state_groups = { running = 'DiagnosticOk', failed = 'DiagnosticError' }

local function title(log)
  local only = log.processes and #log.processes == 1 and require('brummer.state').processes[log.processes[1]]
  local name = log.processes and table.concat(log.processes, ', ') or 'all processes'
  if only then
    return ('%s  %%#%s#%s%%*'):format(name:gsub('%%', '%%%%'), state_groups[only.state] or 'Comment', only.state)
  end
  return (name:gsub('%%', '%%%%'))
end

--- What the winbar of a log window says. Neovim asks with every redraw, with that
--- window as the present one.
---@return string
function M.winbar()
  local win = vim.api.nvim_get_current_win()
  local log = logs[vim.api.nvim_win_get_buf(win)]
  if not log then
    return ''
  end
  local words = filters.words(log.filter)
  local only = log.filter.processes
  if only and not vim.deep_equal(only, log.processes) then
    table.insert(words, 1, 'only ' .. (#only <= 3 and table.concat(only, ', ') or #only .. ' processes'))
  end
  local at_end = vim.api.nvim_win_get_cursor(win)[1] >= vim.api.nvim_buf_line_count(log.bufnr)
  local follows = not log.feed.live and '%#WarningMsg#not at the end; G goes there%*'
    or at_end and '%#DiagnosticOk#follows%*'
    or '%#WarningMsg#paused; G follows%*'
  local filter = #words > 0 and '  %#Special#' .. table.concat(words, ', '):gsub('%%', '%%%%') .. '%*' or ''
  return ' ' .. title(log) .. filter .. '  %=' .. follows .. '  %#Comment#g? help%* '
end

return M
