-- The plugin in a real Neovim with the real program. Each test is a function by
-- its name; what it waits for is a condition, never a time.
local patience = 30000
local tests, order = {}, {}
local T = setmetatable({}, {
  __newindex = function(_, name, run)
    tests[name] = run
    order[#order + 1] = name
  end,
})

local function until_(what, ok)
  local last
  local came = vim.wait(patience, function()
    last = ok()
    return last
  end, 10)
  if not came then
    error('it never comes: ' .. what .. '\n' .. vim.inspect(vim.api.nvim_buf_get_lines(0, 0, 20, false)), 2)
  end
  return last
end

local function eq(want, got)
  if not vim.deep_equal(want, got) then
    error(('want %s, got %s'):format(vim.inspect(want), vim.inspect(got)), 2)
  end
end

local function lines(bufnr)
  return vim.api.nvim_buf_get_lines(bufnr or 0, 0, -1, false)
end

local function has(text, bufnr)
  return function()
    return table.concat(lines(bufnr), '\n'):find(text, 1, true) ~= nil
  end
end

local function shows(pattern, bufnr)
  return function()
    return table.concat(lines(bufnr), '\n'):find(pattern) ~= nil
  end
end

-- A workspace, and what the plugin says to the user.
local root = vim.fn.resolve(vim.fn.tempname())
vim.fn.mkdir(root, 'p')
local function file(name, text)
  vim.fn.writefile(vim.split(text, '\n'), root .. '/' .. name)
end
file('Makefile', "hello:\n\t@echo hello; exec sleep 600\n")
file('broken.go', 'package broken\n\nfunc f() {}\n\nvar x = 1\n')
vim.cmd.cd(root)
local notes = {}
vim.notify = function(message)
  notes[#notes + 1] = message
end
local function noted(text)
  return function()
    return table.concat(notes, '\n'):find(text, 1, true) ~= nil
  end
end

vim.cmd('runtime plugin/brummer.lua')
local brummer = require('brummer')
brummer.setup({ command = { os.getenv('BRUMMER_RPC') }, log = { lines = 2000, page = 100 } })
local client = require('brummer.client')

local function run(name, command)
  local done
  client.call('process/start', { name = name, command = command }, function(err)
    done = err and err.message or true
  end)
  eq(true, until_('the start of ' .. name, function()
    return done
  end))
end

-- Waits until the last line of a process is this one.
local function printed(name, text)
  local last
  repeat
    local done = false
    client.call('logs/query', { filter = { processes = { name } }, tail = 1 }, function(_, page)
      last, done = page.lines[1] and page.lines[1].text, true
    end)
    until_('an answer', function()
      return done
    end)
  until last == text
end

function T.nothing_is_loaded_before_it_is_used()
  local out = vim.fn.system({
    os.getenv('NVIM_UNDER_TEST'), '--headless', '--clean', '-u', 'NONE', '-i', 'NONE', '--cmd', 'set rtp^=' .. os.getenv('BRUMMER_PLUGIN'),
    '-c', 'runtime plugin/brummer.lua', '-c', 'lua for name in pairs(package.loaded) do if name:find("brummer") then io.stderr:write(name .. "\\n") end end', '-c', 'qa',
  })
  eq('', vim.trim(out))
end

function T.the_framer_does_not_mind_where_pieces_end()
  local rpc = require('brummer.rpc')
  local bodies = { '{"a":1}', ('x'):rep(300), 'é' }
  local stream = ''
  for i, body in ipairs(bodies) do
    stream = stream .. (i == 2 and 'Content-Type: x\r\n' or '') .. 'content-length: ' .. #body .. '\r\n\r\n' .. body
  end
  for size = 1, #stream do
    local got = {}
    local feed = rpc.framer(function(body)
      got[#got + 1] = body
    end)
    for at = 1, #stream, size do
      feed(stream:sub(at, at + size - 1))
    end
    eq(bodies, got)
  end
end

function T.start_and_stop()
  local told = 0
  vim.api.nvim_create_autocmd('User', {
    pattern = 'BrummerProcessChanged',
    callback = function()
      told = told + 1
    end,
  })
  vim.cmd('Brummer start hello')
  until_('hello', function()
    return client.processes.hello and client.processes.hello.state == 'running'
  end)
  assert(told > 0)
  eq('▶1', brummer.statusline())
  vim.cmd('Brummer stop hello')
  until_('the end of hello', function()
    return client.processes.hello.state == 'stopped'
  end)
  eq('', brummer.statusline())
end

function T.mistakes_are_told()
  for command, want in pairs({
    ['Brummer fly'] = 'there is no :Brummer fly',
    ['Brummer restart'] = 'needs a name',
    ['Brummer stop'] = 'stop needs a name',
    ['Brummer start nobody'] = 'nobody',
    ['Brummer restart nobody'] = 'there is no process "nobody"',
    ['Brummer open nobody'] = 'no address',
  }) do
    notes = {}
    vim.cmd(command)
    until_(want, noted(want))
  end
end

function T.completion()
  eq({ 'start' }, vim.fn.getcompletion('Brummer star', 'cmdline'))
  local all = vim.fn.getcompletion('Brummer ', 'cmdline')
  for _, name in ipairs({ 'list', 'logs', 'problems', 'proxy', 'restart', 'search', 'stop', 'tests', 'urls' }) do
    assert(vim.tbl_contains(all, name), name)
  end
  eq({ 'hello' }, vim.fn.getcompletion('Brummer stop he', 'cmdline'))
  assert(vim.tbl_contains(vim.fn.getcompletion('Brummer start he', 'cmdline'), 'hello'))
end

function T.the_list_is_live()
  vim.cmd('Brummer list')
  local bufnr = vim.api.nvim_get_current_buf()
  until_('the script', has('make hello', bufnr))
  run('web', 'sleep 600')
  until_('web', shows('web +running', bufnr))
  vim.fn.search('^web')
  vim.cmd('normal x')
  until_('its end', shows('web +stopped', bufnr))
  run('oops', 'exit 3')
  until_('its failure', has('exit code 3', bufnr))
  until_('a word of that', noted('oops has failed: exit code 3'))
  vim.cmd('normal q')
  assert(vim.fn.bufwinid(bufnr) == -1)
end

function T.a_log_is_followed_in_colour()
  run('talk', { 'sh', '-c', [[i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; printf '\033[31mred\033[0m and plain\n'; exec cat]] })
  printed('talk', 'red and plain')
  vim.cmd('Brummer logs talk')
  local bufnr = vim.api.nvim_get_current_buf()
  until_('the last line', has('red and plain', bufnr))
  local last = vim.api.nvim_buf_line_count(bufnr)
  local marks = vim.api.nvim_buf_get_extmarks(bufnr, -1, { last - 1, 0 }, { last - 1, -1 }, { details = true })
  eq({ 0, 3, 'BrummerAnsi1' }, { marks[1][3], marks[1][4].end_col, marks[1][4].hl_group })
  -- It goes on at the end as long as the cursor is there.
  client.call('process/input', { id = 'talk', data = 'more\n' })
  until_('what is new', has('more', bufnr))
  eq(vim.api.nvim_buf_line_count(bufnr), vim.api.nvim_win_get_cursor(0)[1])
  vim.cmd('normal! 5k')
  local at = vim.api.nvim_win_get_cursor(0)[1]
  client.call('process/input', { id = 'talk', data = 'and more\n' })
  until_('what is newer', has('and more', bufnr))
  eq(at, vim.api.nvim_win_get_cursor(0)[1])
  -- Upwards there are the pages that were not fetched.
  eq(false, has('line 0\n', bufnr)())
  until_('the first line', function()
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
    vim.cmd('doautocmd CursorMoved')
    return lines(bufnr)[1] == 'line 0'
  end)
  local seen = table.concat(lines(bufnr), '\n')
  for i = 0, 299 do
    local _, n = seen:gsub('line ' .. i .. '\n', '')
    eq(1, n)
  end
  vim.cmd('close')
end

function T.the_log_of_all_has_their_names()
  vim.cmd('Brummer logs')
  until_('a line with a name', has('talk  red and plain'))
  vim.cmd('normal g1')
  until_('only errors', function()
    return not has('talk')()
  end)
  vim.cmd('normal g0')
  until_('all again', has('talk  red and plain'))
  vim.cmd('close')
end

function T.a_flood_is_bounded_and_what_is_lost_is_said()
  run('flood', { 'sh', '-c', 'yes abcdefghijklmnopqrstuvwxyz | head -n 300000; echo the end' })
  vim.cmd('Brummer logs flood')
  local bufnr = vim.api.nvim_get_current_buf()
  until_('its end', has('the end', bufnr))
  assert(vim.api.nvim_buf_line_count(bufnr) <= 2000, vim.api.nvim_buf_line_count(bufnr))
  vim.cmd('close')
end

function T.file_and_line_are_a_jump()
  local log = require('brummer.log')
  eq({ root .. '/broken.go', 3, 7 }, { log.place('error in broken.go:3:7: oh', 0, { root }) })
  eq({ root .. '/broken.go', 5, 1 }, { log.place('at ' .. root .. '/broken.go:5', 0, { '/nowhere' }) })
  eq({}, { log.place('nothing.go:3:7', 0, { root }) })
  run('build', { 'sh', '-c', 'echo ./broken.go:5:2: undefined: y; exec sleep 600' })
  vim.cmd('Brummer logs build')
  until_('the line', has('broken.go:5:2'))
  vim.cmd('normal gf')
  eq({ 'broken.go', 5, 1 }, { vim.fn.expand('%:t'), vim.api.nvim_win_get_cursor(0)[1], vim.api.nvim_win_get_cursor(0)[2] })
end

function T.problems_are_diagnostics_and_go_when_they_are_gone()
  vim.cmd('edit ' .. root .. '/broken.go')
  local problems, bufnr = require('brummer.problems'), vim.api.nvim_get_current_buf()
  local function shown()
    return vim.diagnostic.get(bufnr, { namespace = problems.namespace })
  end
  until_('the diagnostic', function()
    return #shown() == 1
  end)
  local d = shown()[1]
  eq({ 4, 1, vim.diagnostic.severity.ERROR }, { d.lnum, d.col, d.severity })
  assert(d.message:find('undefined: y', 1, true), d.message)
  vim.cmd('Brummer problems')
  until_('the quickfix list', function()
    return #vim.fn.getqflist() == 1 and vim.fn.getqflist()[1].lnum == 5
  end)
  vim.cmd('cclose')
  client.call('process/restart', { id = 'build' }) -- a new run says what holds now
  until_('it again', function()
    return #shown() == 1
  end)
  client.call('problems/clear', {})
  until_('no diagnostic', function()
    return #shown() == 0
  end)
end

function T.search_fills_the_quickfix_list()
  vim.cmd('Brummer search plain')
  until_('the hit', function()
    local list = vim.fn.getqflist({ title = 0, items = 0 })
    return list.title == 'brummer search plain' and #list.items >= 1 and list.items[1].text:find('red and plain', 1, true)
  end)
  vim.cmd('cclose')
  vim.cmd('Brummer! search ^line\\ 29[0-9]$')
  until_('ten hits', function()
    return #vim.fn.getqflist() == 10
  end)
  vim.cmd('cclose')
end

function T.tests_fill_the_quickfix_list()
  run('test', { 'sh', '-c', [[printf '=== RUN   TestIt\n    broken.go:5: it is broken\n--- FAIL: TestIt (0.00s)\nFAIL\n']] })
  until_('the failure', function()
    vim.cmd('Brummer tests')
    return vim.wait(200, function()
      local list = vim.fn.getqflist({ items = 0 }).items
      return list[1] and list[1].text:find('TestIt', 1, true) ~= nil
    end)
  end)
  vim.cmd('cclose')
end

function T.health_and_help()
  vim.cmd('checkhealth brummer')
  local report = table.concat(lines(), '\n')
  assert(report:find('connected to the engine', 1, true), report)
  assert(not report:find('ERROR'), report)
  vim.cmd('bwipeout!')
  vim.cmd('helptags ' .. os.getenv('BRUMMER_PLUGIN') .. '/doc')
  vim.cmd('help brummer')
  eq('brummer.txt', vim.fn.expand('%:t'))
  local text = table.concat(lines(), '\n')
  for name in pairs(require('brummer.command').table) do
    assert(text:find(':Brummer ' .. name, 1, true), 'the help has nothing of :Brummer ' .. name)
  end
  vim.cmd('close')
end

function T.a_crash_is_survived()
  local pid, connected = client.pid(), 0
  vim.api.nvim_create_autocmd('User', {
    pattern = 'BrummerConnected',
    callback = function()
      connected = connected + 1
    end,
  })
  vim.uv.kill(pid, 'sigkill')
  until_('another connection', function()
    return connected == 1 and client.connected() and client.pid() ~= pid
  end)
  assert(noted('starting it again')())
end

function T.two_clients_share_an_engine()
  run('shared', 'exec sleep 600')
  local out = vim.fn.system({ os.getenv('BRUMMER_RPC'), 'ps', '--json' })
  assert(out:find('"id":"shared"', 1, true), out)
  vim.fn.system({ os.getenv('BRUMMER_RPC'), 'stop', 'shared' })
  until_('what a shell did', function()
    return client.processes.shared.state == 'stopped'
  end)
end

function T.a_program_that_is_missing_is_told()
  client.disconnect(5000)
  until_('the end', function()
    return not client.connected()
  end)
  client.leaving = false
  notes = {}
  brummer.setup({ command = { 'brummer-rpc-that-is-not-there' } })
  vim.cmd('Brummer info')
  until_('the reason', noted('Install brummer-rpc'))
end

local failures = 0
for i, name in ipairs(order) do
  local ok, err = xpcall(tests[name], debug.traceback)
  io.stdout:write(('%s %d - %s\n'):format(ok and 'ok' or 'not ok', i, name:gsub('_', ' ')))
  if not ok then
    failures = failures + 1
    io.stdout:write('  ' .. err:gsub('\n', '\n  ') .. '\n')
  end
end
client.disconnect(5000)
io.stdout:write(('%d passed, %d failed\n'):format(#order - failures, failures))
vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
