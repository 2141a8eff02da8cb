--- `:Brummer` and its sub-commands: one table, which runs them, completes them and
--- is what the help describes.
local M = {}

local function brummer()
  return require('brummer')
end

local function ids(lead)
  local client = require('brummer.client')
  return vim.tbl_filter(function(id)
    return vim.startswith(id, lead)
  end, client.order)
end

local function startable(lead)
  local list = require('brummer.client').call_sync('project/scripts')
  local out = ids(lead)
  for _, s in ipairs(list and list.scripts or {}) do
    for _, name in ipairs({ s.name, s.id }) do
      if vim.startswith(name, lead) and not vim.tbl_contains(out, name) then
        out[#out + 1] = name
      end
    end
  end
  return out
end

---@class brummer.SubCommand
---@field run fun(args: string[], opts: table)
---@field needs? string what must be given
---@field complete? fun(lead: string): string[]

---@type table<string, brummer.SubCommand>
M.table = {
  start = {
    complete = startable,
    run = function(args)
      if #args == 0 then
        return brummer().pick()
      end
      brummer().start(table.concat(args, ' '))
    end,
  },
  stop = {
    complete = ids,
    run = function(args, opts)
      if #args == 0 and not opts.bang then
        return vim.notify('stop needs a name; :Brummer! stop stops everything', vim.log.levels.ERROR, { title = 'brummer' })
      end
      brummer().stop(args[1])
    end,
  },
  restart = {
    needs = 'a name',
    complete = ids,
    run = function(args)
      brummer().restart(args[1])
    end,
  },
  list = {
    run = function()
      brummer().list()
    end,
  },
  logs = {
    complete = ids,
    run = function(args, opts)
      brummer().log(args[1], { float = opts.bang })
    end,
  },
  search = {
    needs = 'what to search for',
    run = function(args, opts)
      brummer().search(table.concat(args, ' '), { regexp = opts.bang })
    end,
  },
  problems = {
    complete = ids,
    run = function(args)
      brummer().problems(args[1])
    end,
  },
  tests = {
    complete = ids,
    run = function(args, opts)
      brummer().tests(args[1], opts.bang)
    end,
  },
  urls = {
    run = function()
      brummer().urls()
    end,
  },
  open = {
    needs = 'a name',
    complete = ids,
    run = function(args)
      brummer().open(args[1])
    end,
  },
  proxy = {
    needs = 'the URL of a server',
    run = function(args)
      brummer().proxy(args[1], args[2])
    end,
  },
  info = {
    run = function()
      brummer().info()
    end,
  },
  ['restart-engine'] = {
    run = function()
      require('brummer.client').restart()
    end,
  },
}

local function names()
  return vim.fn.sort(vim.tbl_keys(M.table))
end

---@param opts table as nvim_create_user_command gives it
function M.run(opts)
  local args = vim.deepcopy(opts.fargs)
  local name = table.remove(args, 1) or 'list'
  local command = M.table[name]
  if not command then
    return vim.notify(('there is no :Brummer %s; there are %s'):format(name, table.concat(names(), ', ')), vim.log.levels.ERROR, { title = 'brummer' })
  end
  if command.needs and #args == 0 then
    return vim.notify((':Brummer %s needs %s'):format(name, command.needs), vim.log.levels.ERROR, { title = 'brummer' })
  end
  command.run(args, opts)
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local name = line:match('^%s*%S*Brummer!?%s+(%S+)%s')
  if not name then
    return vim.tbl_filter(function(n)
      return vim.startswith(n, lead)
    end, names())
  end
  local command = M.table[name]
  return command and command.complete and command.complete(lead) or {}
end

return M
