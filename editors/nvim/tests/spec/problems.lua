-- Diagnostics come and go; problems, tests and searches fill lists.
return function(T, s)
  s.file('broken.go', 'package broken\n\nfunc f() {}\n\nvar x = 1\n')
  s.load()
  local namespace = require('brummer.diagnostics').namespace

  local function shown(bufnr)
    return vim.diagnostic.get(bufnr, { namespace = namespace })
  end

  local function items()
    return vim.fn.getqflist()
  end

  function T.diagnostics_appear_and_disappear()
    vim.cmd.edit(s.root .. '/broken.go')
    local bufnr = vim.api.nvim_get_current_buf()
    s.start('build', 'echo ./broken.go:5:2: undefined: y; exec sleep 600')
    s.until_('the diagnostic', function()
      return #shown(bufnr) == 1
    end)
    local d = shown(bufnr)[1]
    s.eq({ 4, 1, vim.diagnostic.severity.ERROR }, { d.lnum, d.col, d.severity })
    s.ok(d.message:find('undefined: y', 1, true), d.message)
    s.eq('▶1 E1', require('brummer').statusline())
    s.call('process/restart', { id = 'build' }) -- a new run says what holds now
    s.until_('it again', function()
      local again = s.call('problems/list').problems[1]
      return again and again.run == 2 and #shown(bufnr) == 1
    end)
    vim.cmd('Brummer! problems')
    s.until_('no diagnostic', function()
      return #shown(bufnr) == 0
    end)
  end

  function T.problems_fill_the_quickfix_list()
    local told = 0
    vim.api.nvim_create_autocmd('User', {
      pattern = 'BrummerProblems',
      callback = function()
        told = told + 1
      end,
    })
    s.start('lint', 'echo broken.go:3:1: warning: odd; echo broken.go:5:5: error: bad; exec sleep 600')
    s.until_('two problems', function()
      return #s.call('problems/list').problems == 2
    end)
    vim.cmd('Brummer problems ++height=4')
    s.until_('the list', function()
      return #items() == 2
    end)
    s.eq(
      { { 3, 1, 'W' }, { 5, 5, 'E' } },
      vim.tbl_map(function(i)
        return { i.lnum, i.col, i.type }
      end, items())
    )
    s.eq({ 'brummer: problems', 4 }, { vim.fn.getqflist({ title = 0 }).title, vim.api.nvim_win_get_height(0) })
    s.until_('the autocommand', function()
      return told > 0
    end)
    vim.cmd('cclose')
    vim.cmd('Brummer problems ++severity=error')
    s.until_('the worse one', function()
      return #items() == 1 and items()[1].type == 'E'
    end)
    vim.cmd('cclose')
    vim.cmd('Brummer problems ++loclist nobody')
    s.until_('none', s.noted('no problems'))
    vim.cmd.edit(s.root .. '/broken.go')
    vim.cmd('Brummer problems ++file=% ++loclist')
    s.until_('the location list', function()
      return #vim.fn.getloclist(0) == 2
    end)
  end

  function T.failed_tests_are_expanded()
    s.start(
      'test',
      [[printf '=== RUN   TestIt\n    broken.go:5: it is broken\n--- FAIL: TestIt (0.00s)\n=== RUN   TestFine\n--- PASS: TestFine (0.00s)\nFAIL\n']]
    )
    s.until_('the results', function()
      local sum = s.call('tests/list').summary
      return sum.failed == 1 and sum.passed == 1
    end)
    vim.cmd('Brummer tests')
    s.until_('the failure', function()
      return items()[1] and items()[1].text:find('failed: TestIt', 1, true) ~= nil
    end)
    local found = vim.iter(items()):find(function(i)
      return i.text:find('    ', 1, true) == 1 and i.text:find('it is broken', 1, true)
    end)
    s.ok(found, items())
    s.eq('brummer: tests, 1 passed, 1 failed, 0 skipped', vim.fn.getqflist({ title = 0 }).title)
    vim.cmd('cclose')
    vim.cmd('Brummer! tests test')
    s.until_('all', function()
      return vim.iter(items()):any(function(i)
        return i.text == 'passed: TestFine'
      end)
    end)
    vim.cmd('cclose')
    vim.cmd('Brummer tests ++status=skipped')
    s.until_('none', s.noted('1 passed, 1 failed, 0 skipped'))
  end

  function T.search_leads_to_the_lines_around()
    s.start('talk', 'seq 1 50; echo the needle is here; seq 51 100; echo a Needle again; exec cat')
    s.printed('talk', 'a Needle again')
    vim.cmd('Brummer search needle')
    s.until_('two hits', function()
      return #items() == 2
    end)
    s.eq('brummer: search needle, 2 hits', vim.fn.getqflist({ title = 0 }).title)
    s.ok(items()[1].text:find('a Needle again', 1, true), items()) -- the newest first
    vim.cmd('cc 2')
    local text = s.lines()
    local l = vim.fn.line('.')
    s.ok(text[l]:find('the needle is here', 1, true), text)
    s.ok(text[l - 1]:find('│ 50$') and text[l + 1]:find('│ 51$'), text)
    s.eq('needle', vim.fn.expand('<cword>'))
    local marks = vim.api.nvim_buf_get_extmarks(0, -1, { l - 1, 0 }, { l - 1, -1 }, { details = true })
    s.eq({ 'Search', 6 }, { marks[1][4].hl_group, marks[1][4].end_col - marks[1][3] })
    vim.cmd('cclose')
  end

  function T.search_takes_options()
    local function hits(n)
      s.until_(n .. ' hits', function()
        return #items() == n
      end)
      vim.cmd('cclose')
      vim.fn.setqflist({})
    end
    vim.cmd('Brummer! search ^9[0-9]$')
    hits(10)
    vim.cmd('Brummer search ++process=talk ++context=0 ++oldest ++limit=3 5')
    s.until_('three hits, the oldest first', function()
      return #items() == 3 and items()[1].text:find('│ 5$') ~= nil
    end)
    vim.cmd('cclose')
    vim.cmd('Brummer search ++case Needle')
    hits(1)
    vim.cmd('Brummer search ++word needl')
    s.until_('none', s.noted('nothing found: needl'))
    vim.cmd('Brummer search ++process=build needle')
    s.until_('none', s.noted('nothing found: needle'))
    vim.cmd('Brummer! search (')
    s.until_('a mistake', s.noted('('))
  end

  function T.search_takes_a_selection()
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'where is the needle is it here' })
    vim.api.nvim_win_set_cursor(0, { 1, 9 })
    vim.cmd('normal! v12l')
    vim.cmd(vim.keycode([[normal! <Esc>]]))
    s.eq('the needle is', table.concat(vim.fn.getregion(vim.fn.getpos("'<"), vim.fn.getpos("'>"))))
    vim.cmd("'<,'>Brummer search")
    s.until_('the hit', function()
      return #items() == 1 and items()[1].text:find('the needle is here', 1, true)
    end)
  end

  function T.search_from_a_log_fills_its_location_list()
    vim.cmd('Brummer logs talk')
    local win = vim.api.nvim_get_current_win()
    local old = vim.ui.input
    vim.ui.input = function(_, callback)
      callback('needle')
    end
    vim.cmd('normal gs')
    vim.ui.input = old
    s.until_('the location list', function()
      return #vim.fn.getloclist(win) == 2
    end)
  end
end
