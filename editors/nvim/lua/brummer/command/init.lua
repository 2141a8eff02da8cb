--- `:Brummer`: takes its line apart, finds the sub-command, and completes. What the
--- sub-commands are is in command/table.lua.
local M = {}

---@class brummer.Invocation
---@field text string the arguments as they were typed, without options
---@field args string[] the same, at white space
---@field options table<string, any> ++name=value, by name
---@field bang boolean
---@field count? integer
---@field range? [integer, integer]
---@field mods vim.api.keyset.cmd_mods

---@class brummer.CommandOption
---@field desc string
---@field values? string[]|fun(): string[] what it can be; for completion
---@field check? boolean only those values
---@field number? boolean
---@field flag? boolean it has no value

---@class brummer.SubCommand
---@field desc string
---@field usage? string of its arguments
---@field needs? string what must be given, in words
---@field options? table<string, brummer.CommandOption>
---@field complete? fun(lead: string): string[] what an argument can be
---@field run fun(inv: brummer.Invocation)

local function commands()
  return require('brummer.command.table')
end

local function names()
  return vim.fn.sort(vim.tbl_keys(commands()))
end

local function known(options)
  return options and next(options) and table.concat(vim.fn.sort(vim.tbl_keys(options)), ', ') or 'none'
end

-- option checks one and returns its value.
local function option(command, name, value)
  local spec = (command.options or {})[name]
  if not spec then
    error(('there is no option ++%s here; there are: %s'):format(name, known(command.options)), 0)
  elseif spec.flag then
    return true
  elseif value == '' then
    error(('++%s needs a value: ++%s=…'):format(name, name), 0)
  elseif spec.number then
    return tonumber(value) or error(('++%s needs a number, not %q'):format(name, value), 0)
  elseif spec.check and not vim.tbl_contains(spec.values, value) then
    error(('++%s is one of %s, not %q'):format(name, table.concat(spec.values, ', '), value), 0)
  end
  return value
end

-- options takes those at the beginning of a text away from it. A value with blanks
-- is written with backslashes before them.
local function options(command, text)
  local out = {}
  while true do
    local name, rest = text:match('^%+%+([%w-]+)(.*)$')
    if not name then
      return out, text
    end
    local value = ''
    if rest:sub(1, 1) == '=' then
      local stop = 2
      while stop <= #rest and not (rest:sub(stop, stop):find('%s') and rest:sub(stop - 1, stop - 1) ~= '\\') do
        stop = stop + 1
      end
      value, rest = rest:sub(2, stop - 1):gsub('\\(%s)', '%1'), rest:sub(stop)
    end
    out[name] = option(command, name, value)
    text = rest:gsub('^%s+', '')
  end
end

local function invocation(command, opts, text)
  local inv = { bang = opts.bang, mods = opts.smods }
  inv.options, inv.text = options(command, text)
  inv.args = vim.split(inv.text, '%s+', { trimempty = true })
  if opts.range == 2 then
    inv.range = { opts.line1, opts.line2 }
  elseif opts.range == 1 then
    inv.count = opts.line2
  end
  return inv
end

local function run(opts)
  local name, text = opts.args:match('^%s*(%S+)%s*(.-)%s*$')
  name = name or 'list'
  local command = commands()[name]
  if not command then
    error(('there is no :Brummer %s; there are %s'):format(name, table.concat(names(), ', ')), 0)
  end
  local inv = invocation(command, opts, text or '')
  if command.needs and inv.text == '' and not inv.range then
    error((':Brummer %s needs %s'):format(name, command.needs), 0)
  end
  command.run(inv)
end

--- Runs the command; a mistake in it is told.
---@param opts table as nvim_create_user_command gives it
function M.run(opts)
  local ok, err = pcall(run, opts)
  if not ok then
    require('brummer.tell').error(tostring(err))
  end
end

--- Runs a sub-command for a <Plug> map, with the count that was typed.
---@param name string
function M.mapped(name)
  local count = vim.v.count
  M.run({ args = name, bang = false, range = count > 0 and 1 or 0, line2 = count, smods = {} })
end

local function starting(lead, words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

-- option_values completes ++name and ++name=value.
local function option_values(command, lead)
  local name, value = lead:match('^%+%+([%w-]+)=(.*)$')
  local spec = name and (command.options or {})[name]
  if spec then
    local values = type(spec.values) == 'function' and spec.values() or spec.values or {}
    return vim.tbl_map(function(v)
      return ('++%s=%s'):format(name, v)
    end, starting(value, values))
  end
  local words = {}
  for key, o in pairs(command.options or {}) do
    words[#words + 1] = '++' .. key .. (o.flag and '' or '=')
  end
  return starting(lead, vim.fn.sort(words))
end

--- Completes what stands before the cursor.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local name = line:match('Brummer!?%s+(%S+)%s')
  if not name then
    return starting(lead, names())
  end
  local command = commands()[name]
  if not command then
    return {}
  elseif lead:sub(1, 1) == '+' then
    return option_values(command, lead)
  end
  return command.complete and command.complete(lead) or {}
end

return M
