--- JSON-RPC over the standard streams of a child: Content-Length framing, calls
--- with callbacks, notifications. It knows nothing of processes and buffers.
local uv = vim.uv or vim.loop

local M = {}

--- Cuts a stream of bytes into messages, wherever its pieces end.
---@param on_body fun(body: string)
---@return fun(chunk: string)
function M.framer(on_body)
  local chunks, have, need = {}, 0, nil -- need: bytes of a body whose header has been read
  return function(chunk)
    chunks[#chunks + 1], have = chunk, have + #chunk
    if need and have < need then
      return -- a large body is joined once, not with every piece
    end
    local buffer = table.concat(chunks)
    while true do
      if not need then
        local start, stop = buffer:find('\r\n\r\n', 1, true)
        if not start then
          break
        end
        local length = buffer:sub(1, start):lower():match('content%-length:%s*(%d+)')
        if not length then
          error('a message without Content-Length: ' .. buffer:sub(1, 100))
        end
        need, buffer = tonumber(length), buffer:sub(stop + 1)
      end
      if #buffer < need then
        break
      end
      local body = buffer:sub(1, need)
      buffer, need = buffer:sub(need + 1), nil
      on_body(body)
    end
    chunks, have = { buffer }, #buffer
  end
end

---@class brummer.rpc.Options
---@field cwd? string
---@field on_notify fun(method: string, params: table) called on the main loop
---@field on_exit fun(code: integer, signal: integer, stderr: string) called on the main loop, once

---@class brummer.rpc.Connection
---@field pid integer
---@field private write fun(message: table)
---@field private pending table<integer, fun(err?: table, result?: any)>
local Connection = {}
Connection.__index = Connection

--- Spawns a program and speaks with it. An error of spawning is returned.
---@param cmd string[]
---@param opts brummer.rpc.Options
---@return brummer.rpc.Connection? connection
---@return string? err
function M.spawn(cmd, opts)
  local stdin, stdout, stderr = uv.new_pipe(false), uv.new_pipe(false), uv.new_pipe(false)
  local self = setmetatable({ pending = {}, next_id = 0, last_words = '' }, Connection)
  local handle, pid
  handle, pid = uv.spawn(cmd[1], {
    args = vim.list_slice(cmd, 2),
    cwd = opts.cwd,
    stdio = { stdin, stdout, stderr },
  }, function(code, signal)
    for _, h in ipairs({ handle, stdin, stdout, stderr }) do
      if not h:is_closing() then
        h:close()
      end
    end
    vim.schedule(function()
      self:fail('the engine has gone')
      opts.on_exit(code, signal, self.last_words)
    end)
  end)
  if not handle then
    for _, h in ipairs({ stdin, stdout, stderr }) do
      h:close()
    end
    return nil, cmd[1] .. ': ' .. pid
  end
  self.pid = pid
  self.write = function(message)
    local body = vim.json.encode(message)
    if not stdin:is_closing() then
      stdin:write('Content-Length: ' .. #body .. '\r\n\r\n' .. body)
    end
  end
  self.hang_up = function()
    if not stdin:is_closing() then
      stdin:close()
    end
  end
  self.kill = function()
    if not handle:is_closing() then
      handle:kill('sigterm')
    end
  end
  local feed = M.framer(function(body)
    local message = vim.json.decode(body, { luanil = { object = true, array = true } })
    vim.schedule(function()
      self:receive(message, opts.on_notify)
    end)
  end)
  stdout:read_start(function(_, chunk)
    if chunk then
      feed(chunk)
    end
  end)
  stderr:read_start(function(_, chunk)
    if chunk then
      self.last_words = (self.last_words .. chunk):sub(-2000)
    end
  end)
  return self
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
  self.write({ jsonrpc = '2.0', id = self.next_id, method = method, params = params })
end

---@param method string
---@param params? table
function Connection:notify(method, params)
  if not self.gone then
    self.write({ jsonrpc = '2.0', method = method, params = params })
  end
end

--- Answers every call that waits with an error.
---@private
function Connection:fail(why)
  self.gone = self.gone or why
  local pending = self.pending
  self.pending = {}
  for _, callback in pairs(pending) do
    callback({ message = why })
  end
end

--- Ends the session: the engine stops with its last client.
function Connection:close()
  if not self.gone then
    self:request('shutdown', nil, function()
      self.write({ jsonrpc = '2.0', method = 'exit' })
      self.hang_up()
    end)
  end
end

return M
