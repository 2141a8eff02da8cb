--- The log buffer of a process, or of all: it follows the engine's log in
--- batches, in colour, while the cursor is at its end; upwards it is filled from
--- the engine a page at a time.
local ansi = require('brummer.ansi')
local client = require('brummer.client')
local config = require('brummer.config')

local M = {}

local namespace = vim.api.nvim_create_namespace('brummer.log')
local prefix = 'brummer://log/'
local flush_ms = 33

---@class brummer.Log
---@field bufnr integer
---@field process? string nil for all
---@field level? string the least
---@field subscription? string
---@field prev? string cursor: before it lies what is older than the buffer
---@field queue { text: string, process: string, level: string }[]
---@field acks integer[] batches that wait to be drawn
local Log = {}
Log.__index = Log

---@type table<integer, brummer.Log> by buffer
local logs = {}

local level_groups = { error = 'DiagnosticError', fatal = 'DiagnosticError', warn = 'DiagnosticWarn' }

function Log:filter()
  if not self.process and not self.level then
    return nil -- an empty table would be written as a list
  end
  return { processes = self.process and { self.process } or nil, minLevel = self.level }
end

-- A line of the buffer: its text, and its highlights by column.
function Log:draw(line)
  local text, highlights = ansi.parse(line.text)
  text = text:gsub('\n', ' ')
  if not self.process and line.process then
    local name = line.process .. '  '
    text = name .. text
    for _, h in ipairs(highlights) do
      h[1], h[2] = h[1] + #name, h[2] + #name
    end
    table.insert(highlights, { 0, #line.process, 'Identifier' })
  end
  if #highlights == 0 and level_groups[line.level] then
    highlights = { { 0, #text, level_groups[line.level] } }
  end
  if line.gap then
    highlights = { { 0, #text, 'WarningMsg' } }
  end
  return text, highlights
end

--- Puts lines before a line of the buffer, -1 for its end.
function Log:insert(at, lines)
  local texts, marks = {}, {}
  for i, line in ipairs(lines) do
    local highlights
    texts[i], highlights = self:draw(line)
    for _, h in ipairs(highlights) do
      marks[#marks + 1] = { i, h }
    end
  end
  vim.bo[self.bufnr].modifiable = true
  local fresh = self.empty and at == -1
  vim.api.nvim_buf_set_lines(self.bufnr, fresh and 0 or at, at, false, texts)
  vim.bo[self.bufnr].modifiable = false
  self.empty = false
  local first = at == -1 and vim.api.nvim_buf_line_count(self.bufnr) - #texts or at
  for _, m in ipairs(marks) do
    vim.api.nvim_buf_set_extmark(self.bufnr, namespace, first + m[1] - 1, m[2][1], {
      end_col = m[2][2],
      hl_group = m[2][3],
      strict = false,
    })
  end
end

-- The windows that show the end of the buffer, and so follow it.
function Log:following()
  local last = vim.api.nvim_buf_line_count(self.bufnr)
  return vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_cursor(window)[1] >= last
  end, vim.fn.win_findbuf(self.bufnr))
end

--- Draws what has come, at most once in a frame, and only then asks for more.
function Log:flush()
  self.timer = false
  if not vim.api.nvim_buf_is_valid(self.bufnr) then
    return
  end
  local followers = self:following()
  local most = config.get().log.lines
  local queue = self.queue
  self.queue = {}
  if #queue > most then
    queue = vim.list_slice(queue, #queue - most + 1)
  end
  self:insert(-1, queue)
  local over = vim.api.nvim_buf_line_count(self.bufnr) - most
  if over > 0 then
    vim.bo[self.bufnr].modifiable = true
    vim.api.nvim_buf_set_lines(self.bufnr, 0, over, false, {})
    vim.bo[self.bufnr].modifiable = false
    self.prev = nil -- what is above is not what lies before the first page
  end
  local last = vim.api.nvim_buf_line_count(self.bufnr)
  for _, window in ipairs(followers) do
    vim.api.nvim_win_set_cursor(window, { last, 0 })
  end
  for _, batch in ipairs(self.acks) do
    client.notify('logs/ack', { subscription = self.subscription, batch = batch })
  end
  self.acks = {}
end

function Log:soon()
  if not self.timer then
    self.timer = true
    vim.defer_fn(function()
      self:flush()
    end, flush_ms)
  end
end

local function gap_line(gap)
  return { gap = true, text = ('… %d lines are gone (%s)'):format(gap.count, gap.reason), level = 'warn' }
end

--- Takes a batch in columns: runs of lines that differ only in their texts.
function Log:take(p)
  if p.gap then
    table.insert(self.queue, gap_line(p.gap))
  end
  local i = 1
  for _, run in ipairs(p.runs) do
    for _ = 1, run[1] do
      self.queue[#self.queue + 1] = { text = p.text[i], process = run[2], level = run[5] }
      i = i + 1
    end
  end
  table.insert(self.acks, p.batch)
  self:soon()
end

function Log:stop()
  if self.subscription then
    client.subscriptions[self.subscription] = nil
    client.call('logs/unsubscribe', { subscription = self.subscription })
    self.subscription = nil
  end
end

--- Fills the buffer with the newest lines and follows from there.
function Log:begin()
  self:stop()
  self.queue, self.acks, self.empty = {}, {}, true
  vim.bo[self.bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(self.bufnr, 0, -1, false, {})
  vim.bo[self.bufnr].modifiable = false
  client.call('logs/query', { filter = self:filter(), tail = config.get().log.page, ansi = true }, function(err, page)
    if err or not vim.api.nvim_buf_is_valid(self.bufnr) then
      return err and vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
    end
    self.prev = page.more and page.prev or nil
    if #page.lines > 0 then
      self:insert(-1, page.lines)
    end
    local last = vim.api.nvim_buf_line_count(self.bufnr)
    for _, window in ipairs(vim.fn.win_findbuf(self.bufnr)) do
      vim.api.nvim_win_set_cursor(window, { last, 0 })
    end
    self:follow(page.next)
  end)
end

function Log:follow(since)
  client.call('logs/subscribe', { filter = self:filter(), since = since, format = 'columns', ansi = true }, function(err, s)
    if err then
      return vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
    end
    self.subscription = s.subscription
    client.subscriptions[s.subscription] = function(p)
      self:take(p)
    end
  end)
end

--- Puts the page before the first line above it.
function Log:older()
  if not self.prev or self.paging then
    return
  end
  self.paging = true
  client.call('logs/query', { filter = self:filter(), before = self.prev, limit = config.get().log.page, ansi = true }, function(err, page)
    self.paging = false
    if err or not vim.api.nvim_buf_is_valid(self.bufnr) then
      return
    end
    self.prev = page.more and page.prev or nil
    if page.gap then
      table.insert(page.lines, 1, gap_line(page.gap))
    end
    self:insert(0, page.lines)
  end)
end

--- The place that a line of output names under the cursor, or first.
---@return string? file
---@return integer? line
---@return integer? column
function M.place(text, column, folders)
  local found
  for start, file, line, rest in text:gmatch('()([%w%._%-/\\@+]+):(%d+)()') do
    local col = text:match('^:(%d+)', rest)
    for _, folder in ipairs(folders) do
      local path = file:sub(1, 1) == '/' and file or folder .. '/' .. file
      if vim.fn.filereadable(path) == 1 then
        found = { path, tonumber(line), tonumber(col) or 1 }
        break
      end
    end
    if found and column < rest + #(col or '') and column >= start - 1 then
      break
    end
  end
  if found then
    return found[1], found[2], found[3]
  end
end

function Log:jump()
  local text = vim.api.nvim_get_current_line()
  local folders = { client.root }
  local process = client.processes[self.process or text:match('^(%S+)') or '']
  if process then
    table.insert(folders, 1, process.cwd)
  end
  local file, line, column = M.place(text, vim.api.nvim_win_get_cursor(0)[2], folders)
  if not file then
    return vim.notify('no file:line of this machine in this line', vim.log.levels.INFO, { title = 'brummer' })
  end
  vim.cmd('wincmd p')
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  pcall(vim.api.nvim_win_set_cursor, 0, { line, column - 1 })
end

function Log:keys()
  local function map(lhs, rhs, desc)
    vim.keymap.set('n', lhs, rhs, { buffer = self.bufnr, nowait = true, desc = desc })
  end
  local function jump()
    self:jump()
  end
  map('<CR>', jump, 'go to file:line')
  map('gf', jump, 'go to file:line')
  map('q', '<Cmd>close<CR>', 'close')
  for key, level in pairs({ ['g1'] = 'error', ['g2'] = 'warn', ['g0'] = false }) do
    map(key, function()
      self.level = level or nil
      self:begin()
    end, level and ('only ' .. level .. ' and worse') or 'all levels')
  end
end

function Log:watch()
  local group = vim.api.nvim_create_augroup('brummer.log.' .. self.bufnr, {})
  vim.api.nvim_create_autocmd('CursorMoved', {
    group = group,
    buffer = self.bufnr,
    callback = function()
      if vim.api.nvim_win_get_cursor(0)[1] == 1 then
        self:older()
      end
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = self.bufnr,
    callback = function()
      self:stop()
      logs[self.bufnr] = nil
      vim.api.nvim_del_augroup_by_id(group)
    end,
  })
  vim.api.nvim_create_autocmd('User', {
    group = group,
    pattern = 'BrummerConnected',
    callback = function()
      self:begin()
    end,
  })
end

local function create(process, name)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, name)
  vim.bo[bufnr].bufhidden = 'hide'
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].undolevels = -1
  vim.bo[bufnr].filetype = 'brummerlog'
  local log = setmetatable({ bufnr = bufnr, process = process, queue = {}, acks = {}, empty = true }, Log)
  logs[bufnr] = log
  log:keys()
  log:watch()
  log:begin()
  return bufnr
end

--- Shows the log of a process, or of all, in a split below, or goes to it.
---@param process? string
---@param opts? { float?: boolean }
function M.open(process, opts)
  local name = prefix .. (process or '*')
  local bufnr = -1
  for b, log in pairs(logs) do
    if log.process == process and vim.api.nvim_buf_is_valid(b) then
      bufnr = b
    end
  end
  if bufnr == -1 then
    bufnr = create(process, name)
  end
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 then
    return vim.api.nvim_set_current_win(window)
  end
  if opts and opts.float then
    local width, height = math.floor(vim.o.columns * 0.8), math.floor(vim.o.lines * 0.6)
    vim.api.nvim_open_win(bufnr, true, {
      relative = 'editor',
      width = width,
      height = height,
      col = math.floor((vim.o.columns - width) / 2),
      row = math.floor((vim.o.lines - height) / 2),
      style = 'minimal',
      border = 'rounded',
      title = ' ' .. (process or 'all') .. ' ',
    })
  else
    vim.cmd('botright 15split')
    vim.api.nvim_win_set_buf(0, bufnr)
  end
  vim.wo.wrap, vim.wo.number, vim.wo.relativenumber, vim.wo.signcolumn = false, false, false, 'no'
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(bufnr), 0 })
end

return M
