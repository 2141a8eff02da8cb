--- One connection to the workspace's engine: made when it is first needed, and made
--- again when it is lost. What the engine tells goes to state.lua.
local config = require('brummer.config')
local events = require('brummer.events')
local rpc = require('brummer.rpc')
local state = require('brummer.state')
local tell = require('brummer.tell')

local uv = vim.uv

local M = {
  ---@type table<string, fun(params: table)> by subscription
  subscriptions = {},
  ---@type string? the workspace, once there was a connection
  root = nil,
  ---@type brummer.InitializeResult?
  server = nil,
}

--- The version of the protocol that this plugin speaks.
M.protocol = 1

--- How long anything may keep Neovim from drawing, in milliseconds: completion,
--- health, leaving.
M.block_ms = 250

-- An engine that has not answered for so long is given up. Nothing waits for it
-- meanwhile but callbacks.
local patience_ms = 10 * 1000

-- And one that was told to end, and has not agreed.
local farewell_ms = 2000

-- Give up after so many crashes in so long.
local most_crashes, crash_window_ms = 5, 3 * 60 * 1000

local connection ---@type brummer.rpc.Connection?
local ready = false
local leaving = false
local waiting = {} ---@type (fun(err?: table))[]
local crashes = {} ---@type integer[] when, in milliseconds

local function relist(callback)
  connection:request('process/list', nil, function(err, list)
    if not err then
      state.replace(list)
    end
    if callback then
      callback(err)
    end
  end)
end

-- reread takes a whole set, where changes of it were missed or there was none yet.
local function reread(topic, event)
  local method = topic .. '/list'
  connection:request(method, topic == 'problems' and { limit = 1000 } or nil, function(err, list)
    if not err then
      state.fill(topic, list[topic], list.revision)
      events.fire(event, { added = list[topic], removed = {}, counts = state.counts })
    end
  end)
end

local function on_set(topic, event)
  return function(p)
    if not state.change(topic, p) then
      return reread(topic, event)
    end
    events.fire(event, p)
  end
end

local handlers = {
  ['process/changed'] = function(p)
    if state.revision and p.previous ~= state.revision then
      return relist()
    end
    state.revision = p.revision
    state.learn(p)
  end,
  ['problems/changed'] = on_set('problems', 'Problems'),
  ['urls/changed'] = on_set('urls', 'Urls'),
  ['tests/changed'] = function(p)
    events.fire('Tests', p)
  end,
  ['project/changed'] = function(p)
    events.fire('ProjectChanged', p)
  end,
  ['textDocument/publishDiagnostics'] = function(p)
    require('brummer.diagnostics').publish(p)
  end,
  ['logs/lines'] = function(p)
    local subscriber = M.subscriptions[p.subscription]
    if subscriber then
      subscriber(p)
    end
  end,
}

local function on_notify(method, params)
  if handlers[method] then
    handlers[method](params)
  end
end

-- answer tells those who wait for a connection that there is one, or why not.
local function answer(err)
  local callbacks = waiting
  waiting = {}
  for _, callback in ipairs(callbacks) do
    callback(err)
  end
end

local connect

-- again tries once more after a crash, later each time, until there were too many.
local function again(why)
  local now = uv.now()
  crashes = vim.tbl_filter(function(at)
    return now - at < crash_window_ms
  end, crashes)
  table.insert(crashes, now)
  if #crashes >= most_crashes then
    return tell.error(why .. '\nIt has crashed too often; :Brummer restart-engine tries again.')
  end
  tell.warn(why .. '; starting it again')
  vim.defer_fn(function()
    if not connection then
      connect()
    end
  end, 250 * 2 ^ (#crashes - 1))
end

local function lost(code, signal, stderr)
  local was_ready = ready
  connection, ready = nil, false
  state.reset()
  M.subscriptions = {}
  require('brummer.diagnostics').clear()
  events.fire('Disconnected', { code = code, signal = signal })
  events.fire('ProcessChanged', { processes = {}, removed = {} })
  local how = signal ~= 0 and ('signal ' .. signal) or ('code ' .. code)
  local words = stderr ~= '' and ': ' .. vim.trim(stderr) or ''
  local why = how == 'code 0' and words == '' and 'the engine has gone' or 'brummer-rpc ended with ' .. how .. words
  if not was_ready then
    return answer({ message = why }) -- a program that can't begin is not tried again
  end
  if not leaving then
    again(why)
  end
end

local function initialize_params(root)
  return {
    processId = uv.os_getpid(),
    clientInfo = { name = 'Neovim', version = tostring(vim.version()) },
    rootUri = vim.uri_from_fname(root),
    capabilities = { general = { positionEncodings = { 'utf-8', 'utf-16' } } },
    initializationOptions = { env = uv.os_environ(), cwd = vim.fn.getcwd() },
  }
end

-- greet has the server begin, and learns what runs.
local function greet(c, root)
  c:request('initialize', initialize_params(root), function(failure, result)
    if failure then
      c:close()
      return answer(failure)
    end
    M.server = result
    c:notify('initialized')
    reread('urls', 'Urls') -- problems come by themselves
    relist(function(list_failure)
      ready = list_failure == nil
      if ready then
        events.fire('Connected', { root = root, server = result.serverInfo })
      end
      answer(list_failure)
    end)
  end)
end

connect = function()
  local root = require('brummer.root').find()
  local c, err = rpc.spawn(config.get().command, { cwd = root, on_notify = on_notify, on_exit = lost })
  if not c then
    local failure = { message = err .. '. Install brummer-rpc, or set the option command: see :help brummer-install' }
    return vim.schedule(function() -- never at once: what is said in an autocommand is said as its mistake
      answer(failure)
    end)
  end
  connection, leaving, M.root = c, false, root
  require('brummer.unpacked').used()
  greet(c, root)
  vim.defer_fn(function()
    if connection == c and not ready then
      answer({ message = ('%s does not answer; it was given %d s'):format(config.get().command[1], patience_ms / 1000) })
      leaving = true
      c:kill('sigkill') -- what is deaf may be so to a request, too
    end
  end, patience_ms)
end

--- Calls back once there is a connection, or with why there is none. It never
--- blocks.
---@param callback fun(err?: table)
function M.ensure(callback)
  if ready then
    return callback(nil)
  end
  table.insert(waiting, callback)
  if not connection then
    connect()
  end
end

--- Calls a method, with a connection that is made if there is none.
---@param method string
---@param params? table
---@param callback? fun(err?: table, result?: any)
function M.call(method, params, callback)
  M.ensure(function(err)
    if err then
      return callback and callback(err)
    end
    connection:request(method, params, callback)
  end)
end

--- Calls a method, and tells the user if that fails.
---@param method string
---@param params? table
---@param callback? fun(result: any)
function M.ask(method, params, callback)
  M.call(method, params, function(err, result)
    if err then
      return tell.failure(err)
    end
    if callback then
      callback(result)
    end
  end)
end

---@param method string
---@param params table
function M.notify(method, params)
  if ready then
    connection:notify(method, params)
  end
end

--- Calls a method and waits for it a short while, for completion and health; nil
--- if that takes too long or there is no connection.
---@param method string
---@param params? table
function M.call_sync(method, params)
  if not ready then
    return nil
  end
  local done, result = false, nil
  connection:request(method, params, function(_, r)
    done, result = true, r
  end)
  vim.wait(M.block_ms, function()
    return done
  end, 5)
  return result
end

--- Whether there is a connection. Asking makes none.
function M.connected()
  return ready
end

--- The pid of the program that we speak to: the relay to the engine.
---@return integer?
function M.pid()
  return connection and connection.pid
end

--- Hangs up, without waiting. The engine, and its processes, end with their last
--- client.
function M.disconnect()
  local c = connection
  if not c then
    return
  end
  leaving = true
  c:close()
  vim.defer_fn(function()
    if connection == c and not c.farewell then
      c:kill('sigkill')
    end
  end, farewell_ms)
end

--- Hangs up before Neovim ends. What agrees to that may take its time to stop its
--- processes; what does not answer is asked to end by a signal.
function M.leave()
  local c = connection
  if not c then
    return
  end
  M.disconnect()
  local agreed = vim.wait(M.block_ms, function()
    return c.farewell or connection ~= c
  end, 5)
  if not agreed then
    c:kill()
  end
end

--- Forgets crashes and connects anew.
function M.restart()
  crashes = {}
  local function begin()
    M.ensure(function(err)
      if err then
        tell.failure(err)
      end
    end)
  end
  if not connection then
    return begin()
  end
  vim.api.nvim_create_autocmd('User', {
    pattern = 'BrummerDisconnected',
    once = true,
    callback = vim.schedule_wrap(begin),
  })
  M.disconnect()
end

return M
