-- The Neovim plugin, driven by plugin_test.go: nvim -l plugin.lua BRUMMER-RPC, with
-- the plugin's folder in BRUMMER_PLUGIN. A line of stdin is a command:
--   {"id": 1, "ex": "Brummer start web"}   runs it, and answers once that is done
--   {"id": 1, "until": "return ..."}       answers once the Lua chunk gives something
-- and what is said goes to stdout as {"id", "result"}.
vim.opt.rtp:prepend(os.getenv('BRUMMER_PLUGIN'))
vim.cmd('filetype plugin on')
vim.cmd('runtime plugin/brummer.lua')
require('brummer').setup({ command = { unpack(arg, 1) } })
vim.notify = function(text)
  io.stderr:write(text, '\n')
end

local function say(message)
  io.stdout:write(vim.json.encode(message), '\n')
  io.stdout:flush()
end

local function obey(line)
  local command = vim.json.decode(line)
  if command.ex then
    vim.cmd(command.ex)
    return say({ id = command.id, result = vim.NIL })
  end
  local value
  local came = vim.wait(60000, function()
    value = assert(loadstring(command['until']))()
    return value
  end, 5)
  say(came and { id = command.id, result = value } or { id = command.id, error = 'it never comes' })
end

local rest, ended, queue = '', false, {}
local stdin = vim.uv.new_pipe(false)
stdin:open(0)
stdin:read_start(function(_, data)
  ended = data == nil
  rest = rest .. (data or '')
  for line in rest:gmatch('([^\n]*)\n') do
    queue[#queue + 1] = line
  end
  rest = rest:match('[^\n]*$')
end)

while not (ended and #queue == 0) do
  vim.wait(60000, function()
    return ended or #queue > 0
  end, 5)
  local line = table.remove(queue, 1)
  if line then
    obey(line)
  end
end
vim.cmd('qall!')
