-- What tests share: a workspace, the plugin in this Neovim, conditions to wait for.
-- A test waits for a condition, never for a time.
local M = { patience = 30000 }

M.root = vim.uv.fs_realpath(os.getenv('BRUMMER_WORK'))
M.program = os.getenv('BRUMMER_RPC')
M.plugin = os.getenv('BRUMMER_PLUGIN')
M.nvim = os.getenv('NVIM_UNDER_TEST')

--- Waits until a condition holds, and returns what it gave.
function M.until_(what, ok)
  local last
  local came = vim.wait(M.patience, function()
    last = ok()
    return last
  end, 10)
  if not came then
    local shown = table.concat(vim.api.nvim_buf_get_lines(0, 0, 30, false), '\n')
    local messages = vim.fn.execute('messages')
    error(('it never comes: %s\n%s\nnotes: %s\nmessages: %s'):format(what, shown, table.concat(M.notes, '\n'), messages), 2)
  end
  return last
end

function M.eq(want, got)
  if not vim.deep_equal(want, got) then
    error(('want %s, got %s'):format(vim.inspect(want), vim.inspect(got)), 2)
  end
end

function M.ok(condition, what)
  if not condition then
    error(type(what) == 'string' and what or vim.inspect(what), 2)
  end
end

function M.lines(bufnr)
  return vim.api.nvim_buf_get_lines(bufnr or 0, 0, -1, false)
end

--- A condition: the buffer has a text.
function M.has(text, bufnr)
  return function()
    return table.concat(M.lines(bufnr), '\n'):find(text, 1, true) ~= nil
  end
end

--- A condition: the buffer has what matches a pattern.
function M.shows(pattern, bufnr)
  return function()
    return table.concat(M.lines(bufnr), '\n'):find(pattern) ~= nil
  end
end

--- Writes a file of the workspace.
function M.file(name, text)
  local path = M.root .. '/' .. name
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(vim.split(text, '\n'), path)
  return path
end

-- What the plugin says to the user.
M.notes = {}
vim.notify = function(message)
  M.notes[#M.notes + 1] = message
end

--- A condition: the user has been told.
function M.noted(text)
  return function()
    return table.concat(M.notes, '\n'):find(text, 1, true) ~= nil
  end
end

--- Loads the plugin, as Neovim does at start, with the program under test.
function M.load(options)
  vim.cmd.cd(M.root)
  vim.cmd('filetype plugin on')
  vim.cmd('syntax on')
  vim.cmd('runtime plugin/brummer.lua')
  require('brummer').setup(vim.tbl_extend('keep', options or {}, { command = { M.program } }))
  return require('brummer')
end

local client = function()
  return require('brummer.client')
end

--- Calls a method and waits for its result.
function M.call(method, params)
  local answer
  client().call(method, params, function(err, result)
    answer = { err = err, result = result }
  end)
  M.until_('the answer of ' .. method, function()
    return answer
  end)
  M.ok(answer.err == nil, answer.err)
  return answer.result
end

--- Starts a command.
function M.start(name, command)
  M.call('process/start', { name = name, command = command })
end

--- Writes a line to a process.
function M.say(id, text)
  M.call('process/input', { id = id, data = text .. '\n' })
end

--- Shows a log, as `:Brummer logs` does with these arguments, and waits until it
--- follows.
function M.follow(arguments)
  vim.cmd('Brummer logs ' .. arguments)
  M.followed()
end

--- Waits until the log in this window follows.
function M.followed()
  local feed = require('brummer.log').get().feed
  M.until_('it follows', function()
    return feed.live
  end)
end

--- Waits until a process is in a state, as far as this Neovim knows.
function M.is(id, state)
  M.until_(id .. ' is ' .. state, function()
    local p = require('brummer.state').processes[id]
    return p and p.state == state
  end)
end

--- Waits until the last line of a process is this one.
function M.printed(id, text)
  local last
  repeat
    local page = M.call('logs/query', { filter = { processes = { id } }, tail = 1 })
    last = page.lines[1] and page.lines[1].text
  until last == text
end

--- Before each test: one window, nothing said.
function M.reset()
  for i = #M.notes, 1, -1 do
    M.notes[i] = nil
  end
  vim.cmd('silent! tabonly | silent! only')
  vim.cmd('enew')
end

--- After the last test: nothing is left running.
function M.finish()
  local loaded = package.loaded['brummer.client']
  if loaded and loaded.pid() then
    loaded.disconnect()
    vim.wait(M.patience, function()
      return not loaded.pid()
    end, 10)
  end
end

return M
