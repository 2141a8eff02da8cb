-- Neovim's own client, driven by clients_test.go: nvim -l neovim.lua BRUMMER-RPC.
-- What comes on stdin and goes to stdout is described in vscode.js.
local uv = vim.uv or vim.loop
local brummer = { unpack(arg, 1) }

local function say(message)
  io.stdout:write(vim.json.encode(message), '\n')
  io.stdout:flush()
end

local follow -- takes logs/lines during an order test
local ended
local client = vim.lsp.rpc.start(brummer, {
  notification = function(method, params)
    if method == 'logs/lines' and follow then
      follow(params)
    else
      say({ note = method, params = params })
    end
  end,
  on_error = function(code, err) say({ note = 'client/error', params = { code = code, err = tostring(err) } }) end,
  on_exit = function(code) ended = code end,
}, { cwd = uv.cwd() })

-- order: see vscode.js.
local function order(n, reply)
  local seen = { notifications = 0, delivered = 0, lost = 0, inversions = 0 }
  local last = 0
  follow = function(m)
    seen.notifications = seen.notifications + 1
    if m.batch ~= seen.notifications then seen.inversions = seen.inversions + 1 end
    if m.gap then seen.lost = seen.lost + m.gap.count end
    for _, line in ipairs(m.lines) do
      seen.delivered = seen.delivered + 1
      if line.seq <= last then seen.inversions = seen.inversions + 1 end
      last = line.seq
    end
    if seen.delivered + seen.lost >= n then
      follow = nil
      reply(seen)
    end
  end
  client.request('logs/subscribe', { window = 0, maxBatch = 1 }, function(err)
    if err then return reply({ error = err }) end
    client.request('process/start', { name = 'numbers', command = 'seq ' .. n }, function(failed)
      if failed then reply({ error = failed }) end
    end)
  end)
end

local function obey(line)
  local command = vim.json.decode(line)
  if command.order then
    order(command.order, function(seen) say({ id = command.id, result = seen }) end)
  elseif command.id == nil then
    client.notify(command.method, command.params)
  else
    client.request(command.method, command.params or vim.NIL, function(err, result)
      say({ id = command.id, error = err, result = result == nil and vim.NIL or result })
    end)
  end
end

local rest = ''
local stdin = uv.new_pipe(false)
stdin:open(0)
stdin:read_start(function(_, data)
  if data == nil then return vim.schedule(client.terminate) end
  rest = rest .. data
  while true do
    local at = rest:find('\n', 1, true)
    if not at then break end
    local line = rest:sub(1, at - 1)
    rest = rest:sub(at + 1)
    vim.schedule(function() obey(line) end)
  end
end)

vim.wait(10 * 60 * 1000, function() return ended ~= nil end, 5)
os.exit(ended or 1)
