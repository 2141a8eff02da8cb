--- The keys of a log buffer.
local place = require('brummer.place')
local state = require('brummer.state')
local tell = require('brummer.tell')

local M = {}

local function lnum()
  return vim.api.nvim_win_get_cursor(0)[1]
end

-- without gives the other processes than those of the line under the cursor.
local function without(log, id)
  return vim.tbl_filter(function(other)
    return other ~= id
  end, log.filter.processes or state.order)
end

local function ask_text(log, key, prompt)
  vim.ui.input({ prompt = prompt, default = log.filter[key] }, function(text)
    if text then
      log:refine({ text = false, regexp = false, [key] = text ~= '' and text })
    end
  end)
end

local function search(log)
  vim.ui.input({ prompt = 'Search the engine: ' }, function(text)
    if text and text ~= '' then
      require('brummer.search').run(text, { filter = log.filter, loclist = true })
    end
  end)
end

local function to_error(log, step)
  local at = lnum()
  for _ = 1, vim.v.count1 do
    at = log.lines:next_error(at, step) or at
  end
  if at == lnum() then
    return tell.info('no error ' .. (step > 0 and 'below' or 'above'))
  end
  vim.cmd("normal! m'")
  vim.api.nvim_win_set_cursor(0, { at, 0 })
end

-- only shows the process of the line under the cursor, or all others.
local function only(log, others)
  local id = log:process_at(lnum())
  if id then
    log:refine({ processes = others and without(log, id) or { id } })
  end
end

--- The table of keys of a log.
---@param log brummer.Log
---@return brummer.Key[]
function M.of(log)
  local function jump()
    place.jump(log:process_at(lnum()))
  end
  local function level(name)
    return function()
      log:refine({ level = name })
    end
  end
  -- stylua: ignore
  return {
    { 'G', 'to the end, and follow', function() log:newest() end },
    { '<CR>', 'go to the file:line in this line', jump },
    { 'gf', 'go to the file:line in this line', jump },
    { ']e', 'to the next error', function() to_error(log, 1) end },
    { '[e', 'to the error before', function() to_error(log, -1) end },
    { 'g1', 'only errors', level('error') },
    { 'g2', 'warnings and errors', level('warn') },
    { 'g3', 'information, warnings and errors', level('info') },
    { 'gp', 'only the process of this line', function() only(log, false) end },
    { 'gP', 'all but the process of this line', function() only(log, true) end },
    { 'g/', 'only lines with a text', function() ask_text(log, 'text', 'Only lines with: ') end },
    { 'g~', 'only lines that match an expression', function() ask_text(log, 'regexp', 'Only lines that match: ') end },
    { 'g0', 'everything again', function() log:unfilter() end },
    { 'gs', 'search in the engine, to the location list', function() search(log) end },
    { 'q', 'close', function() require('brummer.window').close() end },
  }
end

return M
