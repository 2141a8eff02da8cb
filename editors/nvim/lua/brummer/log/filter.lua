--- Which lines a log buffer shows: what the user has chosen, as the engine wants it
--- and in words.
local M = {}

---@class brummer.LogFilter
---@field processes? string[] nil for all
---@field level? string this level or a worse one
---@field stream? string
---@field text? string is part of the line
---@field regexp? string in Go's (RE2) syntax

--- As `logs/query` takes it; nil for everything, since an empty table would be
--- written as a list.
---@param f brummer.LogFilter
---@return brummer.Filter?
function M.wire(f)
  local out = {
    processes = f.processes,
    minLevel = f.level,
    streams = f.stream and { f.stream } or nil,
    text = f.text,
    regexp = f.regexp,
  }
  return next(out) and out or nil
end

--- The parts besides the processes, in words.
---@param f brummer.LogFilter
---@return string[]
function M.words(f)
  local out = {}
  if f.level then
    out[#out + 1] = f.level .. (f.level ~= 'fatal' and ' and worse' or '')
  end
  if f.stream then
    out[#out + 1] = f.stream
  end
  if f.text then
    out[#out + 1] = '"' .. f.text .. '"'
  end
  if f.regexp then
    out[#out + 1] = '/' .. f.regexp .. '/'
  end
  return out
end

return M
