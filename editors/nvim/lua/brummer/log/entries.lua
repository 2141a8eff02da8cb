--- What the engine sends of a log, as entries for a buffer: pages of `logs/query`
--- and batches of `logs/lines` in columns. Gaps and new runs become lines of their
--- own. Nothing here touches a buffer.
local M = {}

local function grouped(n)
  local text = tostring(n)
  return text:reverse():gsub('(%d%d%d)', '%1,'):reverse():gsub('^,', '')
end

--- The line that stands for lines which are lost.
---@param gap brummer.Gap
---@return brummer.LogEntry
function M.gap(gap)
  local most = gap.filtered and 'up to ' or ''
  local why = gap.reason == 'cleared' and 'cleared' or 'there was no room for them'
  return { text = ('… %s%s %s gone: %s'):format(most, grouped(gap.count), gap.count == 1 and 'line is' or 'lines are', why), level = 'gap' }
end

-- note adds a line where a process's next run begins. runs holds the last one seen
-- of each.
local function note(out, runs, process, run)
  if runs[process] and run > runs[process] then
    out[#out + 1] = { text = ('── %s: run %d ──'):format(process, run), level = 'gap' }
  end
  runs[process] = math.max(run, runs[process] or 0)
end

--- A page: lines that the engine has split are joined again, but for what a program
--- has drawn over.
---@param page brummer.QueryResult
---@param runs table<string, integer> the last run seen, by process; it is kept up to date
---@param below? integer only lines before this seq
---@return brummer.LogEntry[]
function M.of_page(page, runs, below)
  local out, parts = {}, {}
  if page.gap then
    out[1] = M.gap(page.gap)
  end
  for _, line in ipairs(page.lines) do
    if below and line.seq >= below then
      break
    end
    note(out, runs, line.process, line.run)
    local key = line.process .. '\0' .. line.stream
    local part = parts[key]
    if part then
      part.text = line.redraw and line.text or part.text .. line.text
    else
      part = { text = line.text, process = line.process, level = line.level, key = key }
      out[#out + 1] = part
    end
    part.partial = line.partial
    parts[key] = line.partial and part or nil
  end
  return out
end

-- set makes a set of a list of indices.
local function set(indices)
  local out = {}
  for _, index in ipairs(indices or {}) do
    out[index] = true
  end
  return out
end

--- A batch in columns: runs of lines that differ only in their texts.
---@param batch brummer.LinesColumns
---@param runs table<string, integer>
---@return brummer.LogEntry[]
function M.of_batch(batch, runs)
  local out, i = {}, 0
  local partial, redraw = set(batch.partial), set(batch.redraw)
  if batch.gap then
    out[1] = M.gap(batch.gap)
  end
  for _, run in ipairs(batch.runs) do
    local process, level = run[2], run[5]
    note(out, runs, process, run[3])
    local key = process .. '\0' .. run[4]
    for _ = 1, run[1] do
      out[#out + 1] = { text = batch.text[i + 1], process = process, level = level, key = key, partial = partial[i], redraw = redraw[i] }
      i = i + 1
    end
  end
  return out
end

--- The number of a batch's last line.
---@param batch brummer.LinesColumns
---@return integer
function M.last_seq(batch)
  if not batch.dseq then
    return batch.first + math.max(#batch.text - 1, 0)
  end
  local seq = batch.first
  for _, step in ipairs(batch.dseq) do
    seq = seq + step
  end
  return seq
end

return M
