-- A Neovim of its own with a screen that tests can read: `nvim --embed` with a UI
-- attached, whose grid is kept here as text and attributes (:help ui-linegrid).
local Screen = {}
Screen.__index = Screen

local events = {}

function events.default_colors_set(s, fg, bg)
  s.default = { foreground = fg, background = bg }
end

function events.hl_attr_define(s, id, rgb)
  s.attributes[id] = rgb
end

function events.grid_resize(s, _, width, height)
  s.width, s.height = width, height
  s.rows = {}
  for r = 1, height do
    s.rows[r] = {}
    for c = 1, width do
      s.rows[r][c] = { ' ', 0 }
    end
  end
end

function events.grid_clear(s)
  events.grid_resize(s, 1, s.width, s.height)
end

function events.grid_line(s, _, row, column, cells)
  local attribute, c = 0, column + 1
  for _, cell in ipairs(cells) do
    attribute = cell[2] or attribute
    for _ = 1, cell[3] or 1 do
      s.rows[row + 1][c] = { cell[1], attribute }
      c = c + 1
    end
  end
end

function events.grid_scroll(s, _, top, bottom, left, right, by)
  local first, last, step = top + 1, bottom - by, 1
  if by < 0 then
    first, last, step = bottom, top - by + 1, -1
  end
  for r = first, last, step do
    for c = left + 1, right do
      s.rows[r][c] = s.rows[r + by][c]
    end
  end
end

function events.grid_cursor_goto(s, _, row, column)
  s.cursor = { row + 1, column + 1 }
end

function events.flush(s)
  if s.on_flush then
    s.on_flush()
  end
end

local function receive(s, data)
  local at = 1
  while at <= #data do
    local kind, id, method, args
    kind, id, method, args, at = s.session:receive(data, at)
    if kind == 'notification' and method == 'redraw' then
      for _, event in ipairs(args) do
        s.whole = event[1] == 'flush'
        local handle = events[event[1]]
        for i = 2, handle and #event or 1 do
          handle(s, unpack(event[i]))
        end
      end
    elseif kind == 'response' then
      id(method ~= vim.NIL and method or nil, args)
    end
  end
end

--- Starts a Neovim in the workspace, with the plugin and the program under test.
---@param support table what tests share
---@param width integer
---@param height integer
---@param settings string options, as `:set` takes them
function Screen.with_plugin(support, width, height, settings)
  local commands = { 'set rtp^=' .. support.plugin, 'cd ' .. support.root, 'set termguicolors shortmess+=I ' .. settings }
  local arguments = {}
  for _, command in ipairs(commands) do
    vim.list_extend(arguments, { '--cmd', command })
  end
  local screen = Screen.new(support.nvim, width, height, arguments)
  for _, command in ipairs({ 'filetype plugin on', 'syntax on', 'runtime plugin/brummer.lua' }) do
    screen:command(command)
  end
  screen:lua("require('brummer').setup({ command = { ... } })", support.program)
  return screen
end

--- Starts a Neovim.
---@param nvim string
---@param width integer
---@param height integer
---@param arguments string[] of Neovim
function Screen.new(nvim, width, height, arguments)
  local s = setmetatable({ attributes = { [0] = {} }, default = {}, rows = {}, cursor = { 1, 1 }, errors = '' }, Screen)
  s.session = vim.mpack.Session({ unpack = vim.mpack.Unpacker() })
  local stdin, stdout, stderr = vim.uv.new_pipe(false), vim.uv.new_pipe(false), vim.uv.new_pipe(false)
  s.stdin = stdin
  s.handle = vim.uv.spawn(nvim, {
    args = vim.list_extend({ '--embed', '--clean', '-u', 'NONE', '-i', 'NONE', '-n' }, arguments),
    stdio = { stdin, stdout, stderr },
  }, function()
    s.ended = true
  end)
  stdout:read_start(function(_, data)
    if data then
      receive(s, data)
    end
  end)
  stderr:read_start(function(_, data)
    s.errors = s.errors .. (data or '')
  end)
  s:request('nvim_ui_attach', width, height, { rgb = true, ext_linegrid = true })
  return s
end

--- Calls a function of the API, and waits for what it gives.
function Screen:request(method, ...)
  local answer
  local call = self.session:request(function(err, result)
    answer = { err, result }
  end)
  self.stdin:write(call .. vim.mpack.encode(method) .. vim.mpack.encode({ ... }))
  vim.wait(30000, function()
    return answer or self.ended
  end, 1)
  if not answer or answer[1] then
    error(method .. ': ' .. vim.inspect(answer and answer[1] or self.errors), 2)
  end
  return answer[2]
end

--- Sends something without waiting.
function Screen:send(method, ...)
  self.stdin:write(self.session:notify() .. vim.mpack.encode(method) .. vim.mpack.encode({ ... }))
end

function Screen:command(line)
  return self:request('nvim_command', line)
end

function Screen:lua(code, ...)
  return self:request('nvim_exec_lua', code, { ... })
end

function Screen:keys(keys)
  self:request('nvim_input', keys)
end

--- What is to be seen, a line each.
function Screen:lines()
  local out = {}
  for r, row in ipairs(self.rows) do
    local cells = {}
    for c, cell in ipairs(row) do
      cells[c] = cell[1]
    end
    out[r] = table.concat(cells):gsub('%s+$', '')
  end
  return out
end

--- Waits until a condition on the lines holds, and returns what it gave.
function Screen:wait(what, condition)
  local last
  local came = vim.wait(30000, function()
    last = self.whole and condition(self:lines()) -- not a screen that is being drawn
    return last
  end, 5)
  if not came then
    error(('never on the screen: %s\n%s\n%s'):format(what, table.concat(self:lines(), '\n'), self.errors), 2)
  end
  return last
end

--- Waits until a text is to be seen; returns its row and first column.
function Screen:find(text)
  local at = self:wait(text, function(lines)
    for r, line in ipairs(lines) do
      local byte = line:find(text, 1, true)
      if byte then
        return { r, vim.fn.strchars(line:sub(1, byte - 1)) + 1 }
      end
    end
  end)
  return at[1], at[2]
end

--- The attributes of a cell: foreground, bold and so on.
function Screen:attribute(row, column)
  return self.attributes[self.rows[row][column][2]] or {}
end

--- Ends it.
function Screen:quit()
  self:send('nvim_command', 'qall!')
  vim.wait(30000, function()
    return self.ended
  end, 5)
  self.stdin:close()
end

return Screen
