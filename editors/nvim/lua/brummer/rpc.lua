--- JSON-RPC over the standard streams of a child: calls with callbacks, and
--- notifications. It knows nothing of processes and buffers.
local framer = require('brummer.framer')
local uv = vim.uv

local M = {}

---@class brummer.rpc.Handlers
---@field cwd? string
---@field on_notify fun(method: string, params: table) called on the main loop
---@field on_exit fun(code: integer, signal: integer, stderr: string) called on the main loop, once

---@class brummer.rpc.Connection
---@field pid integer
---@field farewell boolean the server has agreed to the end
---@field private stdin uv.uv_pipe_t
---@field private handle uv.uv_process_t
---@field private gone? string why there will be no more answers
---@field private pending table<integer, fun(err?: table, result?: any)>
local Connection = {}
Connection.__index = Connection

local function close(handles)
  for _, handle in ipairs(handles) do
    if not handle:is_closing() then
      handle:close()
    end
  end
end

--- Spawns a program and speaks with it. An error of spawning is returned.
---@param cmd string[]
---@param handlers brummer.rpc.Handlers
---@return brummer.rpc.Connection? connection
---@return string? err
function M.spawn(cmd, handlers)
  local pipes = { uv.new_pipe(false), uv.new_pipe(false), uv.new_pipe(false) }
  local self = setmetatable({ stdin = pipes[1], pending = {}, next_id = 0, last_words = '', farewell = false }, Connection)
  local handle, pid
  handle, pid = uv.spawn(cmd[1], {
    args = vim.list_slice(cmd, 2),
    cwd = handlers.cwd,
    stdio = pipes,
  }, function(code, signal)
    close(pipes)
    close({ handle })
    vim.schedule(function()
      self.gone = 'the engine has gone'
      handlers.on_exit(code, signal, self.last_words) -- first, since it knows why
      self:fail()
    end)
  end)
  if not handle then
    close(pipes)
    return nil, cmd[1] .. ': ' .. pid
  end
  self.handle, self.pid = handle, pid
  self:read(pipes[2], pipes[3], handlers.on_notify)
  return self
end

---@private
function Connection:read(stdout, stderr, on_notify)
  local feed = framer(function(body)
    local message = vim.json.decode(body, { luanil = { object = true, array = true } })
    vim.schedule(function()
      self:receive(message, on_notify)
    end)
  end)
  stdout:read_start(function(_, chunk)
    if not chunk then
      return
    end
    local ok, err = pcall(feed, chunk)
    if not ok then -- whatever it is, it does not speak the protocol
      self.last_words = tostring(err)
      stdout:read_stop()
      self:kill()
    end
  end)
  stderr:read_start(function(_, chunk)
    if chunk then
      self.last_words = (self.last_words .. chunk):sub(-2000)
    end
  end)
end

---@private
function Connection:write(message)
  local body = vim.json.encode(message)
  if not self.stdin:is_closing() then
    self.stdin:write('Content-Length: ' .. #body .. '\r\n\r\n' .. body)
  end
end

---@private
function Connection:receive(message, on_notify)
  if message.method then
    on_notify(message.method, message.params or {})
    return
  end
  local callback = self.pending[message.id]
  if callback then
    self.pending[message.id] = nil
    callback(message.error, message.result)
  end
end

--- Calls a method. The callback gets an error, with code, message and data.kind,
--- or the result; it is called in any case.
---@param method string
---@param params? table
---@param callback? fun(err?: table, result?: any)
function Connection:request(method, params, callback)
  if self.gone then
    if callback then
      callback({ message = self.gone })
    end
    return
  end
  self.next_id = self.next_id + 1
  self.pending[self.next_id] = callback or function() end
  self:write({ jsonrpc = '2.0', id = self.next_id, method = method, params = params })
end

---@param method string
---@param params? table
function Connection:notify(method, params)
  if not self.gone then
    self:write({ jsonrpc = '2.0', method = method, params = params })
  end
end

--- Answers every call that waits with an error.
---@private
function Connection:fail()
  local pending = self.pending
  self.pending = {}
  for _, callback in pairs(pending) do
    callback({ message = self.gone })
  end
end

--- Ends the session: the engine stops with its last client.
function Connection:close()
  self:request('shutdown', nil, function()
    self.farewell = true
    self:write({ jsonrpc = '2.0', method = 'exit' })
    if not self.stdin:is_closing() then
      self.stdin:shutdown(function()
        close({ self.stdin })
      end)
    end
  end)
end

--- Ends the program by a signal. Of a relay that ends this session, and nothing of
--- the engine that others use.
---@param signal? string default sigterm
function Connection:kill(signal)
  if not self.handle:is_closing() then
    self.handle:kill(signal or 'sigterm')
  end
end

return M
