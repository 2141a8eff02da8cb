--- Problems and tests in the quickfix list.
local client = require('brummer.client')
local place = require('brummer.place')
local quickfix = require('brummer.quickfix')

local M = {}

-- How many are fetched. More than that nobody walks through.
local most = 1000

local letters = { error = 'E', warning = 'W', info = 'I', hint = 'N' }

local function item(location, letter, text)
  return {
    filename = location and location.file,
    lnum = location and location.line + 1,
    col = location and location.character + 1,
    type = letter,
    text = text,
  }
end

---@class brummer.ProblemsOptions: brummer.QuickfixOptions
---@field process? string
---@field file? string
---@field severity? "error"|"warning"|"info"|"hint" as serious as this, or more

--- Puts the problems that hold now into the quickfix list; what helps to understand
--- one follows it.
---@param opts? brummer.ProblemsOptions
function M.problems(opts)
  opts = opts or {}
  local params = { process = opts.process, file = opts.file, severity = opts.severity, limit = most }
  client.ask('problems/list', params, function(list)
    local items = {}
    for _, p in ipairs(list.problems) do
      local code = p.code and (' [%s]'):format(p.code) or ''
      items[#items + 1] = item(p.location, letters[p.severity], ('%s: %s%s'):format(p.source, p.message, code))
      for _, related in ipairs(p.related or {}) do
        items[#items + 1] = item(related.location, 'N', '    ' .. related.message)
      end
    end
    quickfix.fill('problems', items, opts, 'no problems')
  end)
end

-- expanded is what a failed test says, a line each, with the places it names.
local function expanded(case)
  local out, folders = {}, place.folders(case.process)
  for line in (case.message or ''):gmatch('[^\n]+') do
    local at = place.find(line, 0, folders)
    out[#out + 1] = { filename = at and at.file, lnum = at and at.line, col = at and at.column, type = at and 'N' or nil, text = '    ' .. line }
  end
  return out
end

---@class brummer.TestsOptions: brummer.QuickfixOptions
---@field process? string
---@field status? "passed"|"failed"|"skipped"|"todo"|"all" default failed

--- Puts tests into the quickfix list: those that failed, with all that they say.
---@param opts? brummer.TestsOptions
function M.tests(opts)
  opts = opts or {}
  local status = opts.status or 'failed'
  client.ask('tests/list', { process = opts.process, status = status ~= 'all' and status or nil, limit = most }, function(list)
    local items = {}
    for _, case in ipairs(list.cases) do
      items[#items + 1] = item(case.location, case.status == 'failed' and 'E' or 'I', ('%s: %s'):format(case.status, case.name))
      vim.list_extend(items, expanded(case))
    end
    local s = list.summary
    local sum = ('%d passed, %d failed, %d skipped'):format(s.passed, s.failed, s.skipped)
    local none = s.passed + s.failed + s.skipped == 0
    quickfix.fill('tests, ' .. sum, items, opts, none and 'no tests have run' or sum)
  end)
end

return M
