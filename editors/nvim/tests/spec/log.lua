-- The log buffer: following, paging, filters, gaps, places.
return function(T, s)
  s.file('broken.go', 'package broken\n\nfunc f() {}\n\nvar x = 1\n')
  s.load({ log = { lines = 2000, page = 100 } })
  local logs = require('brummer.log')

  local talk = [[i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; echo red and plain; exec cat]]

  local function last()
    return vim.api.nvim_buf_line_count(0)
  end

  local function cursor()
    return vim.api.nvim_win_get_cursor(0)[1]
  end

  local function go(lnum)
    vim.api.nvim_win_set_cursor(0, { lnum, 0 })
    vim.cmd('doautocmd CursorMoved')
  end

  local open, say = s.follow, s.say

  local function count(pattern)
    return #vim.tbl_filter(function(l)
      return l:find(pattern) ~= nil
    end, s.lines())
  end

  -- top pages upwards until the first line is this one.
  local function top(text)
    s.until_('the first line is ' .. text, function()
      go(1)
      return s.lines()[1] == text
    end)
  end

  function T.it_follows_until_the_cursor_leaves_the_end()
    s.start('talk', talk)
    s.printed('talk', 'red and plain')
    open('talk')
    s.until_('the last line', s.has('red and plain'))
    say('talk', 'more')
    s.until_('what is new', s.has('more'))
    s.eq(last(), cursor())
    vim.cmd('normal! 5k')
    local at, text = cursor(), vim.api.nvim_get_current_line()
    say('talk', 'and more')
    s.until_('what is newer', s.has('and more'))
    s.eq({ at, text }, { cursor(), vim.api.nvim_get_current_line() })
    vim.cmd('normal G')
    say('talk', 'and yet more')
    s.until_('what is newest', s.has('and yet more'))
    s.eq(last(), cursor())
  end

  function T.it_is_filled_upwards()
    open('talk')
    s.until_('the end', s.has('red and plain'))
    s.eq(false, s.has('line 0\n')())
    go(1)
    local first = s.lines()[1]
    s.until_('a page', function()
      return s.lines()[1] ~= first
    end)
    s.eq(first, vim.api.nvim_get_current_line()) -- the line under the cursor stays
    top('line 0')
    for i = 0, 299 do
      s.eq(1, count('^line ' .. i .. '$'))
    end
  end

  function T.what_was_taken_away_comes_back_in_both_directions()
    s.start('many', 'seq 5000; exec cat')
    s.printed('many', '5000')
    open('many')
    s.until_('the end', s.has('5000'))
    for _ = 1, 30 do -- more than the buffer holds
      local first = s.lines()[1]
      s.until_('a page above', function()
        go(1)
        return s.lines()[1] ~= first
      end)
    end
    s.ok(last() <= 2000, last())
    s.eq(false, s.has('5000')())
    local at = tonumber(s.lines()[1])
    for i, text in ipairs(s.lines()) do
      s.eq(tostring(at + i - 1), text)
    end
    s.until_('the end again', function()
      go(last())
      return s.lines()[last()] == '5000'
    end)
    s.ok(last() <= 2000, last())
    at = tonumber(s.lines()[1])
    for i, text in ipairs(s.lines()) do
      s.eq(tostring(at + i - 1), text)
    end
    say('many', 'it follows')
    s.until_('what is new', s.has('it follows'))
    at = tonumber(s.lines()[1])
    go(1)
    s.until_('a page above', function()
      return tonumber(s.lines()[1]) < at
    end)
    s.eq(tostring(at - 1), s.lines()[at - tonumber(s.lines()[1])])
  end

  function T.g_goes_to_the_newest_at_once()
    open('many')
    s.until_('the end', s.has('it follows'))
    for _ = 1, 25 do
      local first = s.lines()[1]
      s.until_('a page above', function()
        go(1)
        return s.lines()[1] ~= first
      end)
    end
    s.eq(false, logs.get().feed.live)
    vim.cmd('normal G')
    s.until_('the newest', s.has('it follows'))
    s.until_('it is live', function()
      return logs.get().feed.live
    end)
    s.eq(last(), cursor())
  end

  function T.several_processes_in_one_buffer()
    s.start('other', 'echo from the other; exec cat')
    open('talk other')
    s.until_('both', function()
      return s.shows('talk +│ red and plain')() and s.shows('other +│ from the other')()
    end)
    s.eq(0, count('^many'))
    vim.fn.search('from the other')
    vim.cmd('normal gp')
    s.until_('only one', function()
      return count('^talk') == 0 and count('^other') == 1
    end)
    vim.cmd('normal g0')
    s.until_('both again', s.shows('talk +│ red and plain'))
    vim.fn.search('from the other')
    vim.cmd('normal gP')
    s.until_('the others', function()
      return count('^talk') > 0 and count('^other') == 0
    end)
    vim.cmd('close')
    open('')
    s.until_('all', s.shows('many +│ 5000'))
  end

  function T.levels_and_texts()
    s.start('levels', 'echo INFO fine; echo WARN odd; echo ERROR bad; echo "ERROR worse"; echo plain; exec cat')
    vim.cmd('Brummer logs ++level=warn levels')
    s.until_('from warnings on', function()
      return vim.deep_equal(s.lines(), { 'WARN odd', 'ERROR bad', 'ERROR worse' })
    end)
    vim.cmd('normal g1')
    s.until_('errors', function()
      return vim.deep_equal(s.lines(), { 'ERROR bad', 'ERROR worse' })
    end)
    vim.cmd('normal g0')
    s.until_('all', function()
      return #s.lines() == 5
    end)
    vim.cmd('normal! gg')
    vim.cmd('normal 2]e')
    s.eq('ERROR worse', vim.api.nvim_get_current_line())
    vim.cmd('normal [e')
    s.eq('ERROR bad', vim.api.nvim_get_current_line())
    local old = vim.ui.input
    vim.ui.input = function(_, callback)
      callback('od')
    end
    vim.cmd('normal g/')
    vim.ui.input = old
    s.until_('a text', function()
      return vim.deep_equal(s.lines(), { 'WARN odd' })
    end)
    vim.cmd('Brummer logs ++regexp=^[ip] levels')
    s.until_('an expression', function()
      return vim.deep_equal(s.lines(), { 'INFO fine', 'plain' })
    end)
  end

  function T.parts_of_a_line_become_one()
    s.start('prompt', 'printf "name? "; read x; echo "hello $x"; exec cat')
    open('prompt')
    s.until_('the prompt', s.has('name? '))
    say('prompt', 'you')
    s.until_('the rest', function()
      return vim.deep_equal(s.lines(), { 'name? hello you' })
    end)
  end

  function T.a_progress_bar_shows_its_last_state()
    local function shows(...)
      local want = { ... }
      s.until_(want[#want], function()
        return vim.deep_equal(s.lines(), want)
      end)
    end
    s.start('bar', [[printf '60%%'; read x; printf '\r80%%\r'; read x; printf '\033[32m100%%\033[0m'; read x; printf ' in 3 s\nnext\n'; exec cat]])
    open('bar')
    shows('60%')
    say('bar', '')
    shows('80%')
    say('bar', '')
    shows('100%')
    say('bar', '')
    shows('100% in 3 s', 'next')
    vim.cmd('bwipeout')
    open('bar') -- now as a page
    shows('100% in 3 s', 'next')
  end

  function T.runs_are_told_apart()
    s.start('again', 'echo once')
    open('again')
    s.until_('the first run', s.has('once'))
    s.is('again', 'exited')
    vim.cmd('Brummer restart again')
    s.until_('the second', function()
      return vim.deep_equal(s.lines(), { 'once', '── again: run 2 ──', 'once' })
    end)
  end

  function T.what_is_cleared_goes()
    open('talk')
    vim.cmd('Brummer clear talk')
    s.until_('nothing', function()
      return vim.deep_equal(s.lines(), { '' })
    end)
    s.followed()
    say('talk', 'after')
    s.until_('what is new', function()
      return vim.deep_equal(s.lines(), { 'after' })
    end)
  end

  function T.file_and_line_are_a_jump()
    s.start('build', 'echo ./broken.go:5:2: undefined: y; exec sleep 600')
    open('build')
    s.until_('the line', s.has('broken.go:5:2'))
    vim.cmd('normal gf')
    s.eq({ 'broken.go', { 5, 1 } }, { vim.fn.expand('%:t'), vim.api.nvim_win_get_cursor(0) })
    open('talk')
    vim.cmd(vim.keycode('normal <CR>'))
    s.ok(s.noted('no file:line of this machine')(), s.notes)
  end

  function T.places_are_found_in_many_forms()
    local place = require('brummer.place')
    local file = s.root .. '/broken.go'
    local function at(line, column)
      return { file = file, line = line, column = column }
    end
    s.eq(at(3, 7), place.find('error in broken.go:3:7: oh', 0, { s.root }))
    s.eq(at(5, 1), place.find('at ' .. file .. ':5', 0, { '/nowhere' }))
    s.eq(at(2, 1), place.find('  File "broken.go", line 2, in f', 0, { s.root }))
    s.eq(at(4, 1), place.find('broken.go:3:7 and broken.go:4', 20, { s.root })) -- the one under the cursor
    s.eq(nil, place.find('nothing.go:3:7', 0, { s.root }))
  end

  function T.a_hidden_buffer_costs_nothing()
    open('talk')
    local log = logs.get()
    vim.cmd('normal q')
    s.eq(false, log.feed.live)
    say('talk', 'while hidden')
    open('talk')
    s.until_('what came meanwhile', s.has('while hidden'))
    vim.cmd('bwipeout')
    s.eq(nil, logs.get(log.bufnr))
    s.eq({}, vim.tbl_keys(require('brummer.client').subscriptions))
  end

  function T.help_lists_every_key()
    open('talk')
    local keys = require('brummer.log.keys').of(logs.get())
    vim.cmd('normal g?')
    for _, key in ipairs(keys) do
      s.ok(s.has(key[2])(), key[2])
    end
  end
end
