-- What a user sees: the plugin in a Neovim with a screen, read cell by cell.
return function(T, s)
  s.file('Makefile', 'hello:\n\t@echo hello; exec sleep 600\n\nother:\n\t@true\n')
  s.file('Procfile', 'web: exec sleep 600\n')
  local Screen = dofile(s.plugin .. '/tests/screen.lua')
  local screen

  -- begin starts a Neovim with a file in its window.
  local function begin()
    screen = Screen.with_plugin(s, 90, 30, 'laststatus=2 noruler')
  end

  local function start(name, command)
    screen:command(('Brummer! start ++name=%s %s'):format(name, command))
  end

  local function group(name)
    return screen:lua('return vim.api.nvim_get_hl(0, { name = ..., link = false })', name)
  end

  -- column is where a text is in a row.
  local function column(row, text)
    local line = screen:lines()[row]
    local byte = line:find(text, 1, true)
    s.ok(byte, ('no %q in %q'):format(text, line))
    return vim.fn.strchars(line:sub(1, byte - 1)) + 1
  end

  function T.the_list()
    begin()
    screen:command('Brummer')
    screen:find('nothing runs: s starts a script')
    start('db', 'exec sleep 600')
    start('oops', 'exit 3')
    local row = screen:find('✗ failed')
    s.ok(screen:lines()[row]:find('exit code 3', 1, true), screen:lines()[row])
    s.eq(group('DiagnosticError').fg, screen:attribute(row, column(row, '✗')).foreground)
    row = screen:find('● running')
    s.eq(group('DiagnosticOk').fg, screen:attribute(row, column(row, '●')).foreground)
    s.eq(group('Identifier').fg, screen:attribute(row, column(row, 'db')).foreground)
    row = screen:find('Processes  1 running, 1 failed')
    s.eq('▾', screen.rows[row][1][1]) -- it can be folded
    row = screen:find('brummer  ') -- the winbar
    s.ok(screen:lines()[row]:find(vim.fs.basename(s.root), 1, true), screen:lines()[row])
    s.ok(screen:lines()[row]:find('▶1 ✗1  g? help', 1, true), screen:lines()[row])
  end

  function T.folds_of_the_list()
    local row = screen:find('Processes')
    screen:keys('zM')
    screen:wait('all are closed', function(lines)
      return lines[row + 1] and lines[row + 1]:find('^▸make') and lines[row + 2]:find('^▸procfile')
    end)
    s.eq('▸', screen.rows[row][1][1])
    screen:keys('zR')
    screen:find('make hello')
  end

  function T.the_keys_card()
    screen:keys('g?')
    screen:find('look for scripts again')
    screen:find('╭ Processes')
    screen:keys('q')
    screen:wait('it has gone', function(lines)
      return not table.concat(lines):find('╭', 1, true)
    end)
    screen:keys('q')
  end

  function T.colours_of_a_log()
    screen:command(
      'Brummer! start ++name=paint printf ' .. [['plain \033[31mred\033[0m \033[1;38;2;1;2;3mbold\033[0m \033[44mback\033[0m\nERROR bad\n']] .. '; exec cat'
    )
    screen:command('Brummer logs paint')
    local row = screen:find('plain red bold back')
    s.eq(nil, screen:attribute(row, column(row, 'plain')).foreground)
    s.eq(0xcd0000, screen:attribute(row, column(row, 'red')).foreground)
    local bold = screen:attribute(row, column(row, 'bold'))
    s.eq({ 0x010203, true }, { bold.foreground, bold.bold })
    s.eq(0x3b78ff, screen:attribute(row, column(row, 'back')).background)
    row = screen:find('ERROR bad')
    s.eq(group('DiagnosticError').fg, screen:attribute(row, 1).foreground)
    screen:command('close')
  end

  function T.the_winbar_says_whether_it_follows()
    start('talk', 'seq 1 100; exec cat')
    screen:command('Brummer logs talk')
    screen:find('100')
    local row = screen:find(' talk  running')
    screen:wait('it follows', function(lines)
      return lines[row]:find('follows  g? help', 1, true)
    end)
    screen:keys('5k')
    screen:wait('it is paused', function(lines)
      return lines[row]:find('paused; G follows', 1, true)
    end)
    screen:command('Brummer input talk new')
    screen:keys('G')
    screen:find('new')
    screen:keys('g1')
    screen:wait('what is filtered', function(lines)
      return lines[row]:find('error and worse', 1, true)
    end)
    screen:command('close')
  end

  function T.a_selection_does_not_grow()
    start('grow', 'echo first; exec cat')
    screen:command('Brummer logs grow')
    screen:find('first')
    screen:keys('V')
    screen:find('VISUAL LINE')
    screen:lua("require('brummer').input('grow', ...)", 'second\n')
    local row = screen:find('second')
    s.eq({ 1, 'V' }, { screen:lua("return vim.fn.line('.')"), screen:lua('return vim.fn.mode()') })
    screen:keys('<Esc>')
    screen:lua("require('brummer').input('grow', ...)", 'third\n')
    s.ok(screen:find('third') > row, 'it is above')
    screen:command('close')
  end

  function T.many_in_one_log_have_names()
    screen:command('Brummer logs')
    local row = screen:find('talk       │ 100')
    local name, bar = screen:attribute(row, 1), screen:attribute(row, 12)
    s.ok(name.foreground and name.foreground ~= bar.foreground, name)
    screen:command('close')
  end

  function T.the_peek()
    screen:command('botright 3new')
    screen:wait('the cursor is below', function()
      return screen.cursor[1] > 20
    end)
    screen:command('close | Brummer peek talk') -- before it is drawn where it is now
    local row, left = screen:find('╭ talk · running')
    screen:find('new')
    screen:command('Brummer input talk while it is open')
    screen:find('while it is open')
    s.ok(row > 1 and left >= 1, { row, left })
    screen:keys('<Esc>')
    screen:command('doautocmd CursorMoved | call setline(1, range(1, 40)) | $')
    screen:keys('k')
    screen:wait('it has gone', function(lines)
      return not table.concat(lines):find('╭', 1, true)
    end)
    screen:command('Brummer peek talk')
    screen:find('while it is open')
    s.ok(screen:find('╰') < screen.cursor[1], 'it hides the line that it was asked for in')
    screen:keys('ihello')
    screen:wait('it has gone', function(lines)
      return not table.concat(lines):find('╭', 1, true)
    end)
    screen:keys('<Esc>u')
  end

  function T.mistakes_are_said_on_the_screen()
    screen:keys(':Brummer fly<CR>')
    screen:find('there is no :Brummer fly')
    screen:keys('<CR>')
    screen:quit()
  end
end
