--- The workspace's processes in Neovim. `:help brummer` has the words for users;
--- these are the functions behind `:Brummer`, for maps and scripts.
local M = {}

local function tell(err)
  vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
end

local function call(method, params, callback)
  require('brummer.client').call(method, params, function(err, result)
    if err then
      return tell(err)
    end
    if callback then
      callback(result)
    end
  end)
end

--- Sets options; not needed for the defaults. See |brummer-options|.
---@param opts? brummer.Config
function M.setup(opts)
  require('brummer.config').set(opts)
end

--- Starts a script by its id or name, a process that has ended by its id, or a
--- command of the shell.
---@param what string
---@param callback? fun(process: brummer.Process)
function M.start(what, callback)
  local client = require('brummer.client')
  client.ensure(function(err)
    if err then
      return tell(err)
    end
    local known = client.processes[what]
    if known and known.state ~= 'running' then
      return call('process/restart', { id = what }, callback)
    end
    client.call('process/start', { script = what }, function(failure, process)
      if failure and failure.data and failure.data.kind == 'project.scriptNotFound' and what:find('%s') then
        return call('process/start', { command = what }, callback)
      elseif failure then
        return tell(failure)
      end
      if callback then
        callback(process)
      end
    end)
  end)
end

--- Stops a process with everything that it has started; all of them with nil.
---@param id? string
function M.stop(id)
  if id then
    call('process/stop', { id = id })
  else
    call('process/stopAll')
  end
end

---@param id string
function M.restart(id)
  call('process/restart', { id = id })
end

--- Opens the list of processes and scripts.
function M.list()
  require('brummer.list').open()
end

--- Opens the log of a process, or of all with nil.
---@param id? string
---@param opts? { float?: boolean }
function M.log(id, opts)
  require('brummer.log').open(id, opts)
end

--- Opens the first address that a process serves.
---@param id string
function M.open(id)
  local process = require('brummer.client').processes[id]
  local url = process and process.urls[1]
  if not url then
    return tell({ message = id .. ' has printed no address that it serves' })
  end
  vim.ui.open(url)
end

--- Searches the logs in the engine and puts the hits into the quickfix list,
--- newest first.
---@param query string
---@param opts? { process?: string, regexp?: boolean }
function M.search(query, opts)
  opts = opts or {}
  local filter = opts.process and { processes = { opts.process } } or nil
  call('logs/search', { query = query, regexp = opts.regexp, filter = filter, limit = 500 }, function(found)
    local client, items = require('brummer.client'), {}
    for _, hit in ipairs(found.hits) do
      local process = client.processes[hit.line.process]
      local file, line, column = require('brummer.log').place(hit.line.text, 0, { process and process.cwd or client.root, client.root })
      items[#items + 1] = {
        filename = file,
        lnum = line,
        col = column,
        text = hit.line.process .. '  ' .. hit.line.text,
        type = ({ error = 'E', fatal = 'E', warn = 'W' })[hit.line.level],
      }
    end
    vim.fn.setqflist({}, ' ', { title = 'brummer search ' .. query, items = items })
    if #items > 0 then
      vim.cmd('copen')
    else
      vim.notify('nothing found: ' .. query, vim.log.levels.INFO, { title = 'brummer' })
    end
  end)
end

--- Puts the problems into the quickfix list and opens it.
---@param process? string
function M.problems(process)
  require('brummer.problems').quickfix(process, true)
end

--- Puts the tests that failed into the quickfix list; all tests with every.
---@param process? string
---@param every? boolean
function M.tests(process, every)
  require('brummer.problems').tests(process, every or false)
end

--- Lets the user choose an address and opens it.
function M.urls()
  call('urls/list', nil, function(list)
    vim.ui.select(list.urls, {
      prompt = 'Open',
      format_item = function(u)
        return ('%s  (%s)'):format(u.url, u.process)
      end,
    }, function(u)
      if u then
        vim.ui.open(u.url)
      end
    end)
  end)
end

--- Lets the user choose what to start.
function M.pick()
  call('project/scripts', nil, function(list)
    vim.ui.select(list.scripts, {
      prompt = 'Start',
      format_item = function(s)
        return ('%s  %s'):format(s.id, s.command)
      end,
    }, function(s)
      if s then
        M.start(s.id)
      end
    end)
  end)
end

--- Puts a proxy in front of a server and opens it.
---@param url string
---@param process? string
function M.proxy(url, process)
  call('proxy/register', { url = url, process = process }, function(proxy)
    vim.notify(proxy.proxyUrl, vim.log.levels.INFO, { title = 'brummer proxy' })
    vim.ui.open(proxy.proxyUrl)
  end)
end

--- Says what this session is connected to.
function M.info()
  call('session/info', nil, function(i)
    vim.api.nvim_echo({ { ('brummer-rpc %s, pid %d, %s\n%d clients, up %d s'):format(i.version, i.pid, i.root, #i.sessions, i.uptimeMs / 1000) } }, true, {})
  end)
end

--- For a statusline: '' when nothing is known, else how many run, have failed and
--- what problems there are. It reads a cache and never asks the engine.
---@return string
function M.statusline()
  return require('brummer.statusline').text()
end

return M
