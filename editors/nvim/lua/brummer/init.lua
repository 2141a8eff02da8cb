--- The workspace's processes in Neovim. `:help brummer` has the words for users;
--- these are the functions behind `:Brummer`, for maps and scripts. None of them
--- waits for the engine.
if vim.fn.has('nvim-0.10') == 0 then
  return require('brummer.old')
end

local M = {}

--- Sets options; not needed for the defaults. See |brummer-options|.
---@param opts? brummer.Options
function M.setup(opts)
  require('brummer.config').set(opts)
end

--- Calls a method of the engine; docs/methods.md has all of them, and types.lua
--- their shapes.
---@param method string
---@param params? table
---@param callback? fun(err?: { code: integer, message: string, data?: table }, result?: any)
function M.call(method, params, callback)
  require('brummer.client').call(method, params, callback)
end

--- The processes that are known now, in the order of their first start. It asks
--- nobody; the autocommand BrummerProcessChanged says when to look again.
---@return brummer.Process[]
function M.processes()
  local state = require('brummer.state')
  return vim.tbl_map(function(id)
    return state.processes[id]
  end, state.order)
end

--- A process as it is known now.
---@param id string
---@return brummer.Process?
function M.process(id)
  return require('brummer.state').processes[id]
end

--- Starts a script by its id or name, a process that has ended by its id, or a
--- command of the shell.
---@param what string
---@param opts? brummer.StartOptions
---@param callback? fun(process: brummer.Process)
function M.start(what, opts, callback)
  require('brummer.process').start(what, opts, callback)
end

--- Stops a process with everything that it has started.
---@param id string
---@param opts? brummer.StopOptions
function M.stop(id, opts)
  require('brummer.process').stop(id, opts)
end

--- Stops all processes.
function M.stop_all()
  require('brummer.process').stop_all()
end

--- Stops a process and starts it again.
---@param id string
function M.restart(id)
  require('brummer.process').restart(id)
end

--- Sends a signal to a process and all that it has started.
---@param id string
---@param signal string HUP or SIGHUP
function M.signal(id, signal)
  require('brummer.process').signal(id, signal)
end

--- Writes to a process's standard input.
---@param id string
---@param text string
function M.input(id, text)
  require('brummer.process').input(id, text)
end

--- Forgets a process that does not run, and its log.
---@param id string
function M.remove(id)
  require('brummer.process').remove(id)
end

--- Opens the address that a process serves.
---@param id string
function M.open(id)
  require('brummer.process').open(id)
end

--- Opens the list of processes and scripts.
---@param where? brummer.Where
function M.list(where)
  require('brummer.list').open(where)
end

--- Opens the log of some processes, or of all with nil.
---@param ids? string|string[]
---@param opts? brummer.LogOpen
function M.logs(ids, opts)
  require('brummer.log').open(type(ids) == 'string' and { ids } or ids, opts)
end

--- Shows the end of a process's log beside the cursor, of all with nil.
---@param id? string
function M.peek(id)
  require('brummer.peek').open(id)
end

--- Hides the output that there is of some processes, or of all with nil.
---@param ids? string[]
function M.clear(ids)
  require('brummer.client').ask('logs/clear', ids and { filter = { processes = ids } } or nil, function(cleared)
    require('brummer.log').cleared()
    require('brummer.tell').info(('%d lines are hidden'):format(cleared.lines))
  end)
end

--- Writes output to a file in the workspace or the folder for temporary files.
---@param path string
---@param opts? { processes?: string[], format?: "text"|"raw"|"ndjson", overwrite?: boolean }
function M.export(path, opts)
  opts = opts or {}
  local filter = opts.processes and { processes = opts.processes } or nil
  local params = { path = path, filter = filter, format = opts.format, overwrite = opts.overwrite }
  require('brummer.client').ask('logs/export', params, function(written)
    require('brummer.tell').info(('%d lines are in %s'):format(written.lines, written.path))
  end)
end

--- Searches the logs in the engine; the hits go to the quickfix list, the newest
--- first.
---@param query string
---@param opts? brummer.SearchOptions
function M.search(query, opts)
  require('brummer.search').run(query, opts)
end

--- Puts the problems that hold now into the quickfix list.
---@param opts? brummer.ProblemsOptions
function M.problems(opts)
  require('brummer.problems').problems(opts)
end

--- Forgets the problems of a process, or of all.
---@param id? string
function M.clear_problems(id)
  require('brummer.client').ask('problems/clear', { process = id })
end

--- Puts the tests that failed into the quickfix list, with what they say.
---@param opts? brummer.TestsOptions
function M.tests(opts)
  require('brummer.problems').tests(opts)
end

--- Lets the user choose an address and opens it.
function M.urls()
  require('brummer.picker').select('urls')
end

--- Lets the user choose from processes, scripts, urls, problems or requests.
---@param what? string default: processes
function M.pick(what)
  what = what or 'processes'
  local picker = require('brummer.picker')
  if not picker.sources[what] then
    return require('brummer.tell').error(('there is no %q to choose from; there are %s'):format(what, table.concat(picker.names(), ', ')))
  end
  picker.select(what)
end

---@class brummer.ProxyOptions
---@field process? string whose server it is
---@field port? integer to listen on
---@field label? string
---@field host? "preserve"|"target"
---@field inject? boolean whether pages get the script
---@field quiet? boolean do not open it

--- Puts a proxy in front of a server and opens it.
---@param url string
---@param opts? brummer.ProxyOptions
function M.proxy(url, opts)
  opts = opts or {}
  local params = { url = url, process = opts.process, port = opts.port, label = opts.label, host = opts.host, inject = opts.inject }
  require('brummer.client').ask('proxy/register', params, function(proxy)
    require('brummer.tell').info(('%s leads to %s'):format(proxy.proxyUrl, proxy.url))
    if not opts.quiet then
      require('brummer.browser').open(proxy.proxyUrl)
    end
  end)
end

--- Ends a proxy, by its id or by an address of it.
---@param which string
function M.end_proxy(which)
  local client = require('brummer.client')
  client.ask('proxy/list', nil, function(list)
    for _, p in ipairs(list.proxies) do
      if vim.tbl_contains({ p.id, p.url, p.proxyUrl, p.aliasUrl }, which) then
        return client.ask('proxy/unregister', { id = p.id })
      end
    end
    require('brummer.tell').error(('there is no proxy %q'):format(which))
  end)
end

--- Says which proxies there are.
function M.proxies()
  require('brummer.client').ask('proxy/list', nil, function(list)
    local lines = vim.tbl_map(function(p)
      return ('%s leads to %s  %s'):format(p.proxyUrl, p.url, p.label)
    end, list.proxies)
    require('brummer.tell').info(#lines > 0 and table.concat(lines, '\n') or 'there is no proxy')
  end)
end

--- Says what is known of a process, or of the connection with nil.
---@param id? string
function M.info(id)
  require('brummer.info').show(id)
end

--- For a statusline: '' when nothing is known, else how many run and have failed and
--- what problems there are. It never asks the engine.
---@return string
function M.statusline()
  return require('brummer.statusline').text()
end

return M
