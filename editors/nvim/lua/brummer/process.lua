--- What can be done to processes. Each of these asks the engine and returns at
--- once; what comes of it is seen in the list, and an error is told.
local client = require('brummer.client')
local crashes = require('brummer.crashes')
local state = require('brummer.state')
local tell = require('brummer.tell')

local M = {}

---@class brummer.StartOptions
---@field name? string the process's id
---@field cwd? string relative to the workspace
---@field pty? boolean on a terminal
---@field restart? "never"|"onFailure"|"always"
---@field env? table<string, string>
---@field command? boolean it is a command of the shell, and no script

local function started(callback)
  return function(process)
    crashes.asked(process)
    if callback then
      callback(process)
    end
  end
end

-- again starts a process that has ended with what it was started with.
local function again(id, callback)
  client.ask('process/restart', { id = id }, started(callback))
end

-- anew starts a script, or if there is none of that name a command of the shell:
-- one word alone is rather a mistyped name.
local function anew(what, opts, callback)
  local params = {
    name = opts.name,
    cwd = opts.cwd,
    stdio = opts.pty and 'pty' or nil,
    restart = opts.restart,
    env = opts.env,
    [opts.command and 'command' or 'script'] = what,
  }
  client.call('process/start', params, function(err, process)
    local kind = err and err.data and err.data.kind
    if kind == 'project.scriptNotFound' and what:find('%s') then
      params.script, params.command = nil, what
      return client.ask('process/start', params, started(callback))
    elseif err then
      return tell.failure(err)
    end
    started(callback)(process)
  end)
end

--- Starts a script by its id or name, a process that has ended by its id, or a
--- command of the shell.
---@param what string
---@param opts? brummer.StartOptions
---@param callback? fun(process: brummer.Process)
function M.start(what, opts, callback)
  client.ensure(function(err)
    if err then
      return tell.failure(err)
    end
    local known = state.processes[what]
    if known and state.ended[known.state] and not next(opts or {}) then
      return again(what, callback)
    end
    anew(what, opts or {}, callback)
  end)
end

---@class brummer.StopOptions
---@field signal? string to ask with; default TERM
---@field grace? integer milliseconds until it is killed

--- Stops a process with everything that it has started.
---@param id string
---@param opts? brummer.StopOptions
function M.stop(id, opts)
  opts = opts or {}
  client.ask('process/stop', { id = id, signal = opts.signal, graceMs = opts.grace })
end

--- Stops all, each once those that depend on it are gone.
function M.stop_all()
  client.ask('process/stopAll')
end

---@param id string
function M.restart(id)
  again(id)
end

---@param id string
---@param signal string HUP or SIGHUP
function M.signal(id, signal)
  client.ask('process/signal', { id = id, signal = signal })
end

--- Writes to a process's standard input.
---@param id string
---@param text string
function M.input(id, text)
  client.ask('process/input', { id = id, data = text })
end

--- Forgets a process that does not run, and its log.
---@param id string
function M.remove(id)
  client.ask('process/remove', { id = id })
end

--- Opens the address that a process serves; of several, the user chooses one.
---@param id string
function M.open(id)
  client.ask('process/status', { id = id }, function(process)
    if #process.urls == 0 then
      return tell.error(id .. ' has no address that it serves')
    elseif #process.urls == 1 then
      return require('brummer.browser').open(process.urls[1])
    end
    vim.ui.select(process.urls, { prompt = 'Open' }, function(url)
      if url then
        require('brummer.browser').open(url)
      end
    end)
  end)
end

return M
