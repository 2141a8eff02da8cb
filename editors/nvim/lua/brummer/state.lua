--- What the engine has told, kept for who asks often: statusline, completion, list.
--- Nothing here asks the engine.
local events = require('brummer.events')

local M = {
  ---@type table<string, brummer.Process> by id
  processes = {},
  ---@type string[] ids in the order of their first start
  order = {},
  ---@type integer? what the next process/changed continues
  revision = nil,
  ---@type { errors: integer, warnings: integer }
  counts = { errors = 0, warnings = 0 },
}

---@class brummer.Set what a */changed tells of, by id
---@field items table<string, table>
---@field revision integer

local sets = { problems = { items = {}, revision = 0 }, urls = { items = {}, revision = 0 } } ---@type table<string, brummer.Set>

--- What has an end, until somebody starts it again.
M.ended = { stopped = true, exited = true, failed = true }

local function forget(id)
  M.processes[id] = nil
  M.order = vim.tbl_filter(function(other)
    return other ~= id
  end, M.order)
end

--- Takes processes that have changed; quiet is for what was so before we came.
---@param changed { processes: brummer.Process[], removed?: string[] }
---@param quiet? boolean
function M.learn(changed, quiet)
  local crashes = require('brummer.crashes')
  for _, process in ipairs(changed.processes) do
    local before = M.processes[process.id]
    if not before then
      table.insert(M.order, process.id)
    end
    M.processes[process.id] = process
    if not quiet then
      crashes.look(before, process)
    end
  end
  for _, id in ipairs(changed.removed or {}) do
    forget(id)
  end
  events.fire('ProcessChanged', { processes = changed.processes, removed = changed.removed or {} })
end

--- Takes a whole list in place of what was known.
---@param list brummer.ProcessList
function M.replace(list)
  M.processes, M.order, M.revision = {}, {}, list.revision
  M.learn(list, true)
end

--- Takes problems or addresses that have changed; false if something was missed
--- before, and the list must be read.
---@param topic "problems"|"urls"
---@param changed { previous: integer, revision: integer, added: table[], removed: string[], counts: table }
---@return boolean
function M.change(topic, changed)
  local set = sets[topic]
  if topic == 'problems' then
    M.counts = changed.counts
  end
  if changed.previous ~= set.revision then
    return false
  end
  set.revision = changed.revision
  for _, item in ipairs(changed.added) do
    set.items[item.id] = item
  end
  for _, id in ipairs(changed.removed) do
    set.items[id] = nil
  end
  return true
end

--- Takes the whole set of problems or addresses.
---@param topic "problems"|"urls"
---@param items table[]
---@param revision integer
function M.fill(topic, items, revision)
  sets[topic] = { items = {}, revision = revision }
  for _, item in ipairs(items) do
    sets[topic].items[item.id] = item
  end
end

--- The addresses that a process serves, or all do with nil; those that are sure
--- first.
---@param id? string
---@return string[]
function M.urls(id)
  local found = {}
  for _, u in pairs(sets.urls.items) do
    if u.state ~= 'link' and (not id or u.process == id) then
      found[#found + 1] = u
    end
  end
  table.sort(found, function(a, b)
    if a.state ~= b.state then
      return a.state == 'verified'
    end
    return a.url < b.url
  end)
  return vim.tbl_map(function(u)
    return u.url
  end, found)
end

--- How many errors and warnings a process has told of.
---@param id string
---@return integer errors
---@return integer warnings
function M.trouble(id)
  local errors, warnings = 0, 0
  for _, p in pairs(sets.problems.items) do
    if p.process == id then
      errors = errors + (p.severity == 'error' and 1 or 0)
      warnings = warnings + (p.severity == 'warning' and 1 or 0)
    end
  end
  return errors, warnings
end

--- The connection has gone, and what was known with it.
function M.reset()
  M.processes, M.order, M.revision = {}, {}, nil
  M.counts = { errors = 0, warnings = 0 }
  M.fill('problems', {}, 0)
  M.fill('urls', {}, 0)
end

--- Ids that begin so, in order.
---@param lead string
---@return string[]
function M.ids(lead)
  return vim.tbl_filter(function(id)
    return vim.startswith(id, lead)
  end, M.order)
end

--- Why a process has ended, in a few words.
---@param p brummer.Process
---@return string
function M.why(p)
  if p.reason and p.reason ~= '' then
    return p.reason
  end
  return p.signal or ('exit code ' .. tostring(p.exitCode))
end

return M
