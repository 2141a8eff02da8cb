--- What the list shows, as rows: groups, the processes and the scripts below them.
--- It is a function of what is known, and touches no buffer.
local state = require('brummer.state')

local M = {}

---@class brummer.ListRow
---@field text string
---@field marks [integer, integer, string][] first byte, the byte behind the last one, group
---@field process? string
---@field script? string
---@field group? string of a heading
---@field place? brummer.Place of a mistake in a file

local looks = {
  running = { '●', 'DiagnosticOk' },
  starting = { '◐', 'DiagnosticWarn' },
  stopping = { '◐', 'DiagnosticWarn' },
  pending = { '◌', 'DiagnosticWarn' },
  backoff = { '↻', 'DiagnosticWarn' },
  failed = { '✗', 'DiagnosticError' },
  exited = { '✓', 'Comment' },
  stopped = { '○', 'Comment' },
}

local function clock(ms)
  return ms and os.date('%H:%M', math.floor(ms / 1000)) or ''
end

-- remark is what there is to say of a process besides its state.
local function remark(p)
  if p.blockedBy and #p.blockedBy > 0 then
    return 'waits for ' .. table.concat(p.blockedBy, ', ')
  elseif p.state == 'failed' or p.state == 'backoff' then
    return state.why(p)
  end
  local urls = state.urls(p.id)
  if #urls > 0 and not state.ended[p.state] then
    return table.concat(urls, ' ')
  end
  return p.stale and 'its definition has changed' or ''
end

local function trouble(errors, warnings)
  local words = {}
  for _, w in ipairs({ { errors, 'E' }, { warnings, 'W' } }) do
    if w[1] > 0 then
      words[#words + 1] = w[1] .. w[2]
    end
  end
  return table.concat(words, ' ')
end

-- cells of a process: text and group each.
local function process_cells(p)
  local look = looks[p.state] or { '?', 'Comment' }
  local word = p.state == 'running' and not p.ready and 'not ready' or p.healthy == false and p.state == 'running' and 'unhealthy' or p.state
  local uneasy = word ~= p.state
  local errors, warnings = state.trouble(p.id)
  return {
    { p.id, 'Identifier' },
    { look[1] .. ' ' .. word, uneasy and 'DiagnosticWarn' or look[2] },
    { clock(p.exitedAt or p.startedAt), 'Comment' },
    { trouble(errors, warnings), errors > 0 and 'DiagnosticError' or 'DiagnosticWarn' },
    { remark(p):gsub('\n', ' '), p.state == 'failed' and 'DiagnosticError' or 'Underlined' },
  }
end

local function widths(cells)
  local out = {}
  for _, row in ipairs(cells) do
    for i, cell in ipairs(row) do
      out[i] = math.max(out[i] or 0, vim.api.nvim_strwidth(cell[1]))
    end
  end
  return out
end

-- line joins cells to a text with marks; a column in which nothing stands has no
-- width.
local function line(row, width)
  local text, marks = '  ', {}
  for i, cell in ipairs(row) do
    if cell[1] ~= '' then
      marks[#marks + 1] = { #text, #text + #cell[1], cell[2] }
    end
    if width[i] > 0 then
      text = text .. cell[1] .. (i < #row and (' '):rep(width[i] - vim.api.nvim_strwidth(cell[1]) + 2) or '')
    end
  end
  return { text = (text:gsub('%s+$', '')), marks = marks }
end

local function heading(name, remark_)
  local text = name .. (remark_ ~= '' and '  ' .. remark_ or '')
  return { text = text, marks = { { 0, #name, 'Title' }, { #name, #text, 'Comment' } }, group = name }
end

local function tally()
  local running, failed = 0, 0
  for _, p in pairs(state.processes) do
    running = running + (p.state == 'running' and 1 or 0)
    failed = failed + (p.state == 'failed' and 1 or 0)
  end
  return ('%d running%s'):format(running, failed > 0 and (', %d failed'):format(failed) or '')
end

-- said is a row of words.
local function said(text, group)
  text = '  ' .. text:gsub('\n', ' ')
  return { text = text, marks = { { 0, #text, group } } }
end

-- idle says what can be done where nothing runs.
local function idle(scripts)
  local start = ':Brummer start COMMAND'
  return 'nothing runs: ' .. (#scripts > 0 and 's starts a script, ' .. start .. ' anything' or start .. ' starts anything')
end

local function add_processes(rows, scripts)
  rows[1] = heading('Processes', tally())
  local cells = {}
  for i, id in ipairs(state.order) do
    cells[i] = process_cells(state.processes[id])
  end
  local width = widths(cells)
  for i, id in ipairs(state.order) do
    rows[#rows + 1] = vim.tbl_extend('error', line(cells[i], width), { process = id })
  end
  if #cells == 0 then
    rows[#rows + 1] = said(idle(scripts), 'Comment')
  end
end

-- grouped gives the scripts by their tool, in the order in which tools come.
local function grouped(scripts)
  local order, by = {}, {}
  for _, s in ipairs(scripts) do
    if not by[s.group] then
      by[s.group] = {}
      order[#order + 1] = s.group
    end
    table.insert(by[s.group], s)
  end
  return order, by
end

local function add_scripts(rows, scripts)
  local order, by = grouped(scripts)
  for _, group in ipairs(order) do
    rows[#rows + 1] = heading(group, tostring(#by[group]))
    local cells = {}
    for i, s in ipairs(by[group]) do
      cells[i] = { { s.name, 'Normal' }, { s.command:gsub('\n', ' '), 'Comment' } }
    end
    local width = widths(cells)
    for i, s in ipairs(by[group]) do
      rows[#rows + 1] = vim.tbl_extend('error', line(cells[i], width), { script = s.id })
    end
  end
end

-- add_mistakes says which files could not be read.
local function add_mistakes(rows, mistakes, root)
  for _, m in ipairs(mistakes) do
    local where = m.line and ('%s:%d:%d'):format(m.file, m.line, m.column or 1) or m.file
    local row = said(where .. ': ' .. m.message, 'DiagnosticError')
    row.place = { file = vim.fs.normalize(root .. '/' .. m.file), line = m.line or 1, column = m.column or 1 }
    rows[#rows + 1] = row
  end
end

--- All rows of the list.
---@param scripts brummer.Script[]
---@param mistakes brummer.ScriptProblem[]
---@param root string
---@return brummer.ListRow[]
function M.all(scripts, mistakes, root)
  local rows = {}
  add_processes(rows, scripts)
  add_mistakes(rows, mistakes, root)
  add_scripts(rows, scripts)
  return rows
end

return M
