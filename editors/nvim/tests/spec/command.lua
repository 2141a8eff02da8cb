-- :Brummer: each sub-command, its options, ranges, counts, completion.
return function(T, s)
  s.file('Makefile', 'hello:\n\t@echo hello; exec sleep 600\n\nother:\n\t@true\n')
  local brummer = s.load()
  local state = require('brummer.state')

  local function complete(line)
    return vim.fn.getcompletion(line, 'cmdline')
  end

  local function with_open(run)
    local opened, old = {}, vim.ui.open
    vim.ui.open = function(url)
      opened[#opened + 1] = url
    end
    local ok, err = pcall(run, opened)
    vim.ui.open = old
    s.ok(ok, err)
  end

  local function with_select(choose, run)
    local old = vim.ui.select
    vim.ui.select = function(items, opts, callback)
      local format = opts.format_item or tostring
      for i, item in ipairs(items) do
        if format(item):find(choose, 1, true) then
          return callback(item, i)
        end
      end
      error(choose .. ' is not among ' .. vim.inspect(vim.tbl_map(format, items)))
    end
    local ok, err = pcall(run)
    vim.ui.select = old
    s.ok(ok, err)
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
    s.is('hello', 'running')
    s.ok(told > 0, 'no BrummerProcessChanged')
    s.eq('▶1', brummer.statusline())
    vim.cmd('Brummer stop hello')
    s.is('hello', 'stopped')
    s.eq('', brummer.statusline())
    s.eq('hello', brummer.processes()[1].id)
    s.eq('stopped', brummer.process('hello').state)
  end

  function T.start_again_is_the_next_run()
    vim.cmd('Brummer start hello')
    s.until_('run 2', function()
      return state.processes.hello.run == 2 and state.processes.hello.state == 'running'
    end)
    vim.cmd('Brummer restart hello')
    s.until_('run 3', function()
      return state.processes.hello.run == 3 and state.processes.hello.state == 'running'
    end)
  end

  function T.start_takes_options_and_commands()
    vim.fn.mkdir(s.root .. '/sub dir', 'p')
    vim.cmd([[Brummer start ++name=there ++cwd=sub\ dir pwd; exec sleep 600]])
    s.printed('there', s.root .. '/sub dir')
    vim.cmd('Brummer! start ++name=words ++pty test -t 1 && echo terminal; exec cat')
    s.printed('words', 'terminal')
  end

  function T.a_range_is_a_command_or_input()
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'x=1', 'echo "x is $x"', 'exec cat' })
    vim.cmd('%Brummer start ++name=block')
    s.printed('block', 'x is 1')
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'one', 'two', 'three' })
    vim.cmd('2,3Brummer input block')
    s.printed('block', 'three')
    vim.cmd('Brummer input block  a  b')
    s.printed('block', 'a  b')
  end

  function T.signal_and_remove()
    vim.cmd('Brummer start ++name=brief exec sleep 600')
    s.is('brief', 'running')
    vim.cmd('Brummer signal brief HUP')
    s.is('brief', 'failed')
    s.eq('SIGHUP', state.processes.brief.signal)
    vim.cmd('Brummer remove brief')
    s.until_('it is forgotten', function()
      return not state.processes.brief and not vim.tbl_contains(state.order, 'brief')
    end)
  end

  function T.stop_asks_which_and_with_a_bang_stops_all()
    with_select('there', function()
      vim.cmd('Brummer stop')
      s.is('there', 'stopped')
    end)
    vim.cmd('Brummer stop ++signal=INT ++grace=100 hello')
    s.is('hello', 'stopped')
    vim.cmd('Brummer! stop')
    s.until_('all have ended', function()
      return vim.iter(state.processes):all(function(_, p)
        return state.ended[p.state]
      end)
    end)
  end

  function T.clear_and_export()
    vim.cmd('Brummer start ++name=lines echo first; echo second')
    s.printed('lines', 'second')
    local path = s.root .. '/out.txt'
    vim.cmd('Brummer export out.txt lines')
    s.until_('the file', s.noted('2 lines are in ' .. path))
    s.eq({ 'first', 'second' }, vim.fn.readfile(path))
    vim.cmd('Brummer! export ++format=raw out.txt lines')
    s.until_('the file again', function()
      local told = vim.tbl_filter(function(note)
        return note:find('2 lines are in', 1, true)
      end, s.notes)
      return #told == 2 -- an earlier test's processes may be told of, too
    end)
    vim.cmd('Brummer clear lines')
    s.until_('cleared', s.noted('2 lines are hidden'))
  end

  function T.info_of_the_session_and_of_a_process()
    vim.cmd('Brummer info')
    s.until_('the card', s.has('workspace  ' .. s.root))
    s.ok(s.has('Neovim (this)')(), s.lines())
    vim.cmd('normal q')
    vim.cmd('Brummer info lines')
    s.until_('the card', s.shows('ended .*exit code 0'))
    s.ok(s.has('echo first; echo second')(), s.lines())
    vim.cmd('normal q')
    vim.cmd('Brummer info nobody')
    s.until_('no such', s.noted('there is no process "nobody"'))
  end

  function T.open_and_urls()
    local port = vim.uv.new_tcp()
    port:bind('127.0.0.1', 0)
    local n = port:getsockname().port
    port:close()
    s.file(
      'serve.lua',
      ('local t = vim.uv.new_tcp() t:bind("127.0.0.1", %d) t:listen(1, function() end) print("http://localhost:%d/") vim.wait(600000, function() return false end)'):format(
        n,
        n
      )
    )
    s.start('web', { s.nvim, '--headless', '-u', 'NONE', '-i', 'NONE', '-l', s.root .. '/serve.lua' })
    s.until_('its address', function()
      return #state.urls('web') > 0
    end)
    local url = state.urls('web')[1]
    with_open(function(opened)
      vim.cmd('Brummer open web')
      s.until_('it is opened', function()
        return opened[1] == url
      end)
    end)
    local old = vim.ui.open
    vim.ui.open = function()
      return nil, 'no browser'
    end
    vim.cmd('Brummer open web')
    s.until_('the reason', s.noted(url .. " can't be opened: no browser"))
    vim.ui.open = old
    with_open(function(opened)
      with_select(tostring(n), function()
        vim.cmd('Brummer urls')
        s.until_('it is opened', function()
          return opened[1] and opened[1]:find(tostring(n), 1, true)
        end)
      end)
    end)
    s.ok(vim.tbl_contains(complete('Brummer proxy http'), url), complete('Brummer proxy http'))
  end

  function T.proxy_and_requests()
    local url = state.urls('web')[1]
    vim.cmd('Brummer proxy ++quiet ++label=front ' .. url .. ' web')
    s.until_('the proxy', s.noted('leads to'))
    local proxy = s.call('proxy/list').proxies[1]
    s.eq('front', proxy.label)
    vim.cmd('Brummer proxy')
    s.until_('the list', s.noted(proxy.proxyUrl .. ' leads to ' .. proxy.url .. '  front'))
    vim.cmd('Brummer! proxy nowhere')
    s.until_('no such', s.noted('there is no proxy "nowhere"'))
    vim.cmd('Brummer! proxy ' .. proxy.proxyUrl)
    s.until_('its end', function()
      return #s.call('proxy/list').proxies == 0
    end)
    vim.cmd('Brummer requests')
    s.until_('none', s.noted('nothing to choose from: Requests'))
  end

  function T.pick()
    with_select('make:other', function()
      vim.cmd('Brummer start')
      s.is('other', 'exited')
    end)
    with_select('lines', function()
      vim.cmd('Brummer pick processes')
      s.until_('its log', function()
        return vim.api.nvim_buf_get_name(0) == 'brummer://log/lines'
      end)
    end)
    vim.cmd('Brummer pick colours')
    s.until_('no such', s.noted('there is no "colours" to choose from'))
  end

  function T.windows_as_modifiers_and_counts_say()
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.fn['repeat']({ '' }, 40)) -- a count is a line number, too
    vim.cmd('7Brummer logs lines')
    s.eq(7, vim.api.nvim_win_get_height(0))
    vim.cmd('close')
    vim.cmd('vertical 30Brummer logs lines')
    s.eq(30, vim.api.nvim_win_get_width(0))
    vim.cmd('close')
    vim.cmd('tab Brummer logs lines')
    s.eq(2, vim.fn.tabpagenr('$'))
    vim.cmd('tabclose')
    vim.cmd('topleft Brummer list')
    s.eq(1, vim.fn.winnr())
    vim.cmd('Brummer! list')
    s.eq(-1, vim.fn.bufwinid('brummer://processes'))
  end

  function T.maps()
    for _, name in ipairs({ 'list', 'logs', 'peek', 'problems', 'tests', 'start', 'stop', 'restart', 'urls', 'search' }) do
      s.ok(vim.fn.maparg('<Plug>(brummer-' .. name .. ')', 'n') ~= '', name)
    end
    vim.keymap.set('n', '<F5>', '<Plug>(brummer-logs)')
    vim.api.nvim_feedkeys(vim.keycode('6<F5>'), 'x', false)
    s.eq({ 'brummer://log/*', 6 }, { vim.api.nvim_buf_get_name(0), vim.api.nvim_win_get_height(0) })
  end

  function T.mistakes_are_told()
    for command, want in pairs({
      ['Brummer fly'] = 'there is no :Brummer fly; there are clear, export',
      ['Brummer stop nobody'] = 'there is no process "nobody"',
      ['Brummer search'] = ':Brummer search needs what to search for',
      ['Brummer start nobody'] = 'nobody',
      ['Brummer open nobody'] = 'there is no process "nobody"',
      ['Brummer logs ++level=loud'] = '++level is one of trace, debug, info, warn, error, fatal, not "loud"',
      ['Brummer logs ++volume=1'] = 'there is no option ++volume here',
      ['Brummer stop ++grace=soon hello'] = '++grace needs a number, not "soon"',
      ['Brummer logs ++level'] = '++level needs a value',
      ['Brummer clear'] = 'clear needs a name',
      ['Brummer signal hello'] = 'needs a name and a signal',
    }) do
      vim.cmd(command)
      s.until_(want, s.noted(want))
    end
  end

  function T.completion()
    s.eq({ 'start' }, complete('Brummer star'))
    s.eq(vim.fn.sort(vim.tbl_keys(require('brummer.command.table'))), complete('Brummer '))
    s.eq({ 'hello' }, complete('Brummer stop he'))
    s.ok(vim.tbl_contains(complete('Brummer start he'), 'hello'), complete('Brummer start he'))
    s.ok(vim.tbl_contains(complete('Brummer start ma'), 'make:hello'), complete('Brummer start ma'))
    s.eq({ '++level=' }, complete('Brummer logs ++l'))
    s.eq({ '++level=warn' }, complete('Brummer logs ++level=w'))
    s.eq({ '++loclist' }, complete('Brummer search ++lo'))
    s.eq({ '++process=hello' }, complete('Brummer search ++process=he'))
    s.eq({ 'processes', 'problems' }, vim.fn.reverse(vim.fn.sort(complete('Brummer pick pro'))))
    s.eq({ 'hello' }, complete('vertical 1Brummer! logs he'))
    s.eq({}, complete('Brummer fly '))
  end
end
