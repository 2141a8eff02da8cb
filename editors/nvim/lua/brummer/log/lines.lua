--- The text of a log buffer: lines are added below and above and taken away at
--- both ends, and those on the screen are coloured while it is drawn. Where lines
--- come from is not known here.
---
--- Lines have numbers that do not change when others come or go: the first one of
--- the buffer has `base`. What is on the screen is coloured by ephemeral marks, so
--- that a line which scrolls by costs nothing but its text.
local ansi = require('brummer.ansi')

local namespace = vim.api.nvim_create_namespace('brummer.log')

---@class brummer.LogRecord a line as it is kept
---@field raw? string with colours, if it has any
---@field level? string if it is worth a colour, or "gap"
---@field process? string
---@field prefix? integer bytes of the process's name before the text

---@class brummer.LogLines
---@field bufnr integer
---@field base integer number of the first line
---@field count integer
---@field private records table<integer, brummer.LogRecord> by number; plain lines have none
---@field private named boolean lines begin with the name of their process
---@field private parts table<string, { number: integer, raw: string }> unended lines, by process and stream
local Lines = {}
Lines.__index = Lines

local shown = {} ---@type table<integer, brummer.LogLines> by buffer

local level_groups = { error = 'DiagnosticError', fatal = 'DiagnosticError', warn = 'DiagnosticWarn', gap = 'BrummerLogGap' }

local name_width = 10

-- A part of a line is joined to the next up to this size; then it is left as it is.
local most_joined = 64 * 1024

---@param bufnr integer
---@param named boolean
function Lines.new(bufnr, named)
  local self = setmetatable({ bufnr = bufnr, named = named }, Lines)
  shown[bufnr] = self
  self:reset()
  return self
end

function Lines:drop()
  shown[self.bufnr] = nil
end

function Lines:set(first, last, texts)
  vim.bo[self.bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(self.bufnr, first, last, false, texts)
  vim.bo[self.bufnr].modifiable = false
end

--- Takes all lines away. An empty buffer still shows one line: `count` is 0 then.
function Lines:reset()
  self.base, self.count, self.records, self.parts = 0, 0, {}, {}
  self:set(0, -1, {})
end

-- compose makes the text of a line, and what is kept of it.
function Lines:compose(raw, process, level)
  local coloured = raw:find('\27', 1, true)
  local text = coloured and ansi.strip(raw) or raw
  if text:find('[\r\n]') then
    text = text:gsub('[\r\n]', ' ')
  end
  local record
  if coloured or level_groups[level] or self.named then
    record = { raw = coloured and raw or nil, level = level_groups[level] and level or nil, process = self.named and process or nil }
  end
  if self.named and process then
    local prefix = process .. (' '):rep(name_width - vim.api.nvim_strwidth(process)) .. ' │ '
    record.prefix = #prefix
    text = prefix .. text
  end
  return text, record
end

---@class brummer.LogEntry
---@field text string with colours
---@field process? string
---@field level? string
---@field key? string process and stream, for lines that come in parts
---@field partial? boolean
---@field redraw? boolean it stands in the place of the parts before it

-- add puts a line behind those of texts, or joins it to the part before, or puts it in
-- that one's place.
function Lines:add(texts, entry)
  local key = entry.key
  local part = key and self.parts[key]
  local raw, number = entry.text, self.base + self.count + #texts
  local before = part and (entry.redraw and '' or part.raw)
  if part and #before + #raw <= most_joined and part.number >= self.base then
    raw, number = before .. raw, part.number
  end
  local text, record = self:compose(raw, entry.process, entry.level)
  self.records[number] = record
  local at = number - self.base - self.count
  if at >= 0 then
    texts[at + 1] = text
  else
    self:set(number - self.base, number - self.base + 1, { text })
  end
  if key then
    self.parts[key] = entry.partial and { number = number, raw = raw } or nil
  end
end

--- Adds lines below.
---@param entries brummer.LogEntry[]
function Lines:append(entries)
  local texts = {}
  for _, entry in ipairs(entries) do
    self:add(texts, entry)
  end
  if #texts > 0 then
    self:set(self.count == 0 and 0 or -1, -1, texts)
    self.count = self.count + #texts
  end
end

--- Adds lines above; what was at the top stays where it is on the screen.
---@param entries brummer.LogEntry[]
function Lines:prepend(entries)
  local texts, first = {}, self.base - #entries
  for i, entry in ipairs(entries) do
    texts[i], self.records[first + i - 1] = self:compose(entry.text, entry.process, entry.level)
  end
  if #texts > 0 then
    self:set(0, self.count == 0 and -1 or 0, texts)
    self.base, self.count = first, self.count + #texts
  end
end

--- Takes n lines away at the top.
---@param n integer
function Lines:trim_top(n)
  self:set(0, n, {})
  for number = self.base, self.base + n - 1 do
    self.records[number] = nil
  end
  self.base, self.count = self.base + n, self.count - n
end

--- Takes n lines away at the bottom.
---@param n integer
function Lines:trim_bottom(n)
  self:set(self.count - n, -1, {})
  for number = self.base + self.count - n, self.base + self.count - 1 do
    self.records[number] = nil
  end
  self.count, self.parts = self.count - n, {}
end

--- What is kept of a line of the buffer, counted from 1.
---@param lnum integer
---@return brummer.LogRecord?
function Lines:record(lnum)
  return self.records[self.base + lnum - 1]
end

--- The next line at or above a level from a line on, in a direction; nil if none.
---@param lnum integer
---@param step 1|-1
---@return integer?
function Lines:next_error(lnum, step)
  for l = lnum + step, step > 0 and self.count or 1, step do
    local record = self:record(l)
    if record and (record.level == 'error' or record.level == 'fatal') then
      return l
    end
  end
end

-- Names of processes have one of five colours, by a sum of their bytes: the same
-- in every session.
local colours = { 'Blue', 'Green', 'Magenta', 'Cyan', 'Yellow' }

local function define()
  local shade = vim.o.background == 'light' and 'NvimDark' or 'NvimLight'
  for i, colour in ipairs(colours) do
    vim.api.nvim_set_hl(0, 'BrummerName' .. i, { fg = shade .. colour, ctermfg = i + 8, default = true })
  end
end
define()
vim.api.nvim_create_autocmd('ColorScheme', { group = vim.api.nvim_create_augroup('brummer.log.names', {}), callback = define })

local function name_group(name)
  local sum = 0
  for i = 1, #name do
    sum = sum + name:byte(i)
  end
  return 'BrummerName' .. sum % #colours + 1
end

local function mark(bufnr, row, from, to, group)
  vim.api.nvim_buf_set_extmark(bufnr, namespace, row, from, { end_col = to, hl_group = group, ephemeral = true, strict = false })
end

function Lines:colour(row)
  local record = self.records[self.base + row]
  if not record then
    return
  end
  local from = record.prefix or 0
  if record.process and from > 0 then
    mark(self.bufnr, row, 0, #record.process, name_group(record.process))
    mark(self.bufnr, row, #record.process, from, 'NonText')
  end
  if record.raw then
    for _, h in ipairs(ansi.highlights(record.raw)) do
      mark(self.bufnr, row, from + h[1], from + h[2], h[3])
    end
  elseif record.level then
    mark(self.bufnr, row, from, 1e6, level_groups[record.level])
  end
end

vim.api.nvim_set_decoration_provider(namespace, {
  on_win = function(_, _, bufnr, top, bottom)
    local lines = shown[bufnr]
    if lines then
      for row = top, math.min(bottom, lines.count - 1) do
        lines:colour(row)
      end
    end
    return false -- all is done, line by line callbacks are not needed
  end,
})

return Lines
