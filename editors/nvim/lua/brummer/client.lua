--- One connection to the workspace's engine: made when it is first needed, made
--- again when it is lost, and what the engine tells, kept for who asks often.
local config = require('brummer.config')
local rpc = require('brummer.rpc')

local M = {
  ---@type table<string, brummer.Process> by id
  processes = {},
  ---@type string[] ids in the order of their first start
  order = {},
  counts = { errors = 0, warnings = 0 },
  ---@type table<string, fun(params: table)> by subscription
  subscriptions = {},
}

local connection, ready, waiting = nil, false, {}
local crashes = {} -- when, in milliseconds
local uv = vim.uv or vim.loop

-- Give up after so many crashes in so long.
local most_crashes, crash_window = 5, 3 * 60 * 1000

---@param event string without the prefix
---@param data? table
local function announce(event, data)
  vim.api.nvim_exec_autocmds('User', { pattern = 'Brummer' .. event, modeline = false, data = data })
end

local function failed(process)
  local why = process.reason or process.signal or ('exit code ' .. tostring(process.exitCode))
  vim.notify(('%s has failed: %s'):format(process.id, why), vim.log.levels.WARN, { title = 'brummer' })
end

---@param changed { processes: brummer.Process[], removed?: string[] }
local function learn(changed, quiet)
  for _, process in ipairs(changed.processes) do
    local before = M.processes[process.id]
    if not before then
      table.insert(M.order, process.id)
    end
    M.processes[process.id] = process
    local news = process.state == 'failed' and (not before or before.state ~= 'failed' or before.run ~= process.run)
    if news and not quiet and config.get().notify then
      failed(process)
    end
  end
  for _, id in ipairs(changed.removed or {}) do
    M.processes[id] = nil
    M.order = vim.tbl_filter(function(other)
      return other ~= id
    end, M.order)
  end
  announce('ProcessChanged', { processes = changed.processes, removed = changed.removed })
end

local revision

local function relist(callback)
  connection:request('process/list', nil, function(err, list)
    if not err then
      M.processes, M.order, revision = {}, {}, list.revision
      learn(list, true)
    end
    if callback then
      callback(err)
    end
  end)
end

local handlers = {
  ['process/changed'] = function(p)
    if revision and p.previous ~= revision then
      return relist()
    end
    revision = p.revision
    learn(p)
  end,
  ['problems/changed'] = function(p)
    M.counts = p.counts or M.counts
    announce('Problems', p)
  end,
  ['tests/changed'] = function(p)
    announce('Tests', p)
  end,
  ['urls/changed'] = function(p)
    announce('Urls', p)
  end,
  ['project/changed'] = function(p)
    announce('ProjectChanged', p)
  end,
  ['textDocument/publishDiagnostics'] = function(p)
    require('brummer.problems').publish(p)
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

local function answer(err)
  local callbacks = waiting
  waiting = {}
  for _, callback in ipairs(callbacks) do
    callback(err)
  end
end

local connect

-- A crash is followed by another try, later each time, until it has happened too
-- often.
local function lost(code, signal, stderr)
  local was_ready = ready
  connection, ready, revision = nil, false, nil
  M.processes, M.order, M.counts, M.subscriptions = {}, {}, { errors = 0, warnings = 0 }, {}
  require('brummer.problems').clear()
  announce('Disconnected', { code = code, signal = signal })
  announce('ProcessChanged', { processes = {} })
  local why = ('brummer-rpc ended with %s %d%s'):format(
    signal ~= 0 and 'signal' or 'code',
    signal ~= 0 and signal or code,
    stderr ~= '' and ': ' .. vim.trim(stderr) or ''
  )
  if not was_ready then
    return answer({ message = why }) -- a program that can't begin is not tried again
  end
  if M.leaving then
    return
  end
  local now = uv.now()
  crashes = vim.tbl_filter(function(at)
    return now - at < crash_window
  end, crashes)
  table.insert(crashes, now)
  if #crashes >= most_crashes then
    vim.notify(why .. '\nIt has crashed too often; :Brummer restart-engine tries again.', vim.log.levels.ERROR, { title = 'brummer' })
    return
  end
  vim.notify(why .. '; starting it again', vim.log.levels.WARN, { title = 'brummer' })
  vim.defer_fn(function()
    if not connection then
      connect()
    end
  end, 250 * 2 ^ (#crashes - 1))
end

connect = function()
  local root = config.root()
  local err
  connection, err = rpc.spawn(config.get().command, { cwd = root, on_notify = on_notify, on_exit = lost })
  if not connection then
    return answer({ message = err .. '. Install brummer-rpc, or set command: see :help brummer-install' })
  end
  M.root = root
  connection:request('initialize', {
    processId = uv.os_getpid(),
    clientInfo = { name = 'Neovim', version = tostring(vim.version()) },
    rootUri = vim.uri_from_fname(root),
    capabilities = { general = { positionEncodings = { 'utf-8', 'utf-16' } } },
    initializationOptions = { env = uv.os_environ() },
  }, function(failure, result)
    if failure then
      if connection then
        connection:close()
      end
      return answer(failure)
    end
    M.server = result
    connection:notify('initialized')
    relist(function(list_failure)
      ready = list_failure == nil
      if ready then
        announce('Connected')
      end
      answer(list_failure)
    end)
  end)
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

---@param method string
---@param params table
function M.notify(method, params)
  if ready then
    connection:notify(method, params)
  end
end

--- Calls a method and waits for it a short while, for completion; nil if that
--- takes too long or there is no connection.
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
  vim.wait(300, function()
    return done
  end, 5)
  return result
end

--- Whether there is a connection. Asking makes none.
function M.connected()
  return ready
end

function M.pid()
  return connection and connection.pid
end

--- Hangs up. The engine, and its processes, end with their last client.
---@param wait? integer milliseconds to wait for the end
function M.disconnect(wait)
  if not connection then
    return
  end
  M.leaving = true
  local c = connection
  c:close()
  if wait and not vim.wait(wait, function()
    return connection ~= c
  end, 10) then
    c.kill()
  end
end

--- Forgets crashes and connects anew.
function M.restart()
  crashes = {}
  local function again()
    M.leaving = false
    M.ensure(function(err)
      if err then
        vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
      end
    end)
  end
  if connection then
    M.disconnect(1000)
  end
  again()
end

return M
