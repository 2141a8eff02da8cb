--- Which failures are worth a word: the crash of what was ready, and the failure
--- of what was started from here. Those of one moment are told together, and what
--- crashes over and over is told once a minute.
local events = require('brummer.events')

local M = {}

local gather_ms, quiet_ms = 200, 60 * 1000

local asked = {} ---@type table<string, integer> the run that was started from here, by id
local told = {} ---@type table<string, integer> when, by id
local waiting = {} ---@type string[] sentences

--- Something was started from here: whoever did it wants to know how it ends.
---@param process brummer.Process
function M.asked(process)
  asked[process.id], told[process.id] = process.run, nil
end

local function utter()
  local sentences = waiting
  waiting = {}
  local more = #sentences - 3
  if more > 0 then
    sentences = vim.list_slice(sentences, 1, 3)
    sentences[4] = ('and %d more have failed'):format(more)
  end
  require('brummer.tell').warn(table.concat(sentences, '\n'))
end

local function tell(process)
  local now = vim.uv.now()
  if told[process.id] and now - told[process.id] < quiet_ms then
    return
  end
  told[process.id] = now
  local verb = process.signal and 'has crashed' or 'has failed'
  local again = process.state == 'backoff' and '; it is started again' or ''
  table.insert(waiting, ('%s %s: %s%s'):format(process.id, verb, require('brummer.state').why(process), again))
  if #waiting == 1 then
    vim.defer_fn(utter, gather_ms)
  end
end

local function fails(process)
  return process and (process.state == 'failed' or process.state == 'backoff')
end

--- Looks at a process that is not as it was.
---@param before? brummer.Process
---@param now brummer.Process
function M.look(before, now)
  if not fails(now) or (fails(before) and before.run == now.run and before.state == now.state) then
    return
  end
  events.fire('ProcessFailed', { process = now })
  local mine, was_ready = asked[now.id] == now.run, now.readyAt or before and before.ready
  if (was_ready or mine) and require('brummer.config').get().notify then
    tell(now)
  end
end

return M
