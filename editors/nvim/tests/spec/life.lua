-- Engines that crash, are missing, are deaf or talk nonsense; two Neovims and a
-- shell on one.
return function(T, s)
  local brummer = s.load()
  local client = require('brummer.client')
  local state = require('brummer.state')
  local Screen = dofile(s.plugin .. '/tests/screen.lua')

  local function gone()
    client.disconnect()
    s.until_('the end', function()
      return not client.pid()
    end)
  end

  -- script makes an executable that stands in for the engine.
  local function script(name, text)
    local path = s.file(name, '#!/bin/sh\n' .. text)
    vim.uv.fs_chmod(path, 493)
    return path
  end

  function T.a_shell_and_neovim_share_an_engine()
    s.start('shared', 'exec sleep 600')
    local out = vim.fn.system({ s.program, 'ps', '--json' })
    s.ok(out:find('"id":"shared"', 1, true), out)
    vim.fn.system({ s.program, 'stop', 'shared' })
    s.is('shared', 'stopped')
  end

  function T.two_neovims_share_an_engine()
    s.file('x.go', 'package x\nvar a = b\n')
    s.start('cc', 'echo ./x.go:2:9: undefined: b; exec sleep 600')
    s.until_('its problem', function()
      return state.trouble('cc') == 1
    end)
    local other = Screen.new(s.nvim, 80, 24, { '--cmd', 'set rtp^=' .. s.plugin, '--cmd', 'cd ' .. s.root })
    other:command('runtime plugin/brummer.lua')
    other:lua("require('brummer').setup({ command = { ... } })", s.program)
    other:command('edit x.go')
    other:command('Brummer list')
    other:find('cc')
    other:find('● running') -- what this one has started
    s.until_('its diagnostic there', function()
      return #other:lua("return vim.diagnostic.get(vim.fn.bufnr('x.go'))") == 1
    end)
    other:command('Brummer stop cc')
    s.is('cc', 'stopped')
    other:command('Brummer start ++name=theirs exec sleep 600')
    s.is('theirs', 'running')
    other:quit()
    s.eq('running', s.call('process/status', { id = 'theirs' }).state) -- this one is still here
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
    s.until_('another connection', function()
      return connected == 1 and client.connected() and client.pid() ~= pid
    end)
    s.ok(s.noted('starting it again')(), s.notes)
  end

  function T.an_open_log_follows_the_next_engine()
    s.start('before', 'echo of the first; exec cat')
    vim.cmd('Brummer logs')
    s.until_('a line', s.has('of the first'))
    local connected = false
    vim.api.nvim_create_autocmd('User', {
      pattern = 'BrummerConnected',
      once = true,
      callback = function()
        connected = true
      end,
    })
    local pid = s.call('session/info').pid
    vim.uv.kill(pid, 'sigkill') -- the engine itself: its processes end with it
    s.until_('another engine', function()
      return connected
    end)
    s.ok(s.call('session/info').pid ~= pid, 'the same engine')
    s.start('after', 'echo of the second; exec cat')
    s.until_('its line', s.has('of the second'))
    s.eq(false, s.has('of the first')())
  end

  function T.too_many_crashes_end_it()
    vim.cmd('Brummer restart-engine')
    s.until_('a connection', client.connected)
    local crash = vim.api.nvim_create_autocmd('User', {
      pattern = 'BrummerConnected',
      callback = function()
        vim.uv.kill(client.pid(), 'sigkill')
      end,
    })
    vim.uv.kill(client.pid(), 'sigkill')
    s.until_('the last word', s.noted('It has crashed too often'))
    vim.api.nvim_del_autocmd(crash)
    s.eq(nil, client.pid())
    vim.cmd('Brummer restart-engine')
    s.until_('a connection', client.connected)
  end

  function T.a_program_that_is_missing_is_told()
    gone()
    brummer.setup({ command = { 'brummer-rpc-that-is-not-there' } })
    local told
    client.call('process/list', nil, function(err)
      told = err.message
    end)
    s.eq(nil, told) -- not at once: it may be an autocommand that asks
    vim.cmd('Brummer info')
    s.until_('the reason', s.noted('Install brummer-rpc'))
    s.ok(told:find('brummer-rpc-that-is-not-there', 1, true), told)
  end

  function T.a_program_that_ends_at_once_is_told_and_not_tried_again()
    brummer.setup({ command = { script('ends', 'echo no such licence >&2; exit 9') } })
    vim.cmd('Brummer info')
    s.until_('the reason', s.noted('ended with code 9: no such licence'))
    s.eq(nil, client.pid())
  end

  function T.a_program_that_talks_nonsense_is_told()
    brummer.setup({ command = { script('nonsense', 'printf "hello\\r\\n\\r\\n"; exec cat >/dev/null') } })
    vim.cmd('Brummer info')
    s.until_('the reason', s.noted('a message without Content-Length: hello'))
    s.eq(nil, client.pid())
  end

  -- So long may anything stand still by our doing; to this comes what a busy machine
  -- adds, which is the neighbours'.
  s.ok(client.block_ms <= 300, client.block_ms)
  local bearable = client.block_ms + 750

  -- longest runs something, and returns for how many milliseconds the main loop
  -- stood still at the most.
  local function longest(run)
    local began = vim.uv.hrtime()
    run()
    return (vim.uv.hrtime() - began) / 1e6
  end

  function T.a_deaf_engine_keeps_nobody_waiting()
    brummer.setup({ command = { script('deaf', 'trap "" TERM; exec cat >/dev/null') } })
    local worst, what = 0, ''
    for _, line in ipairs({
      'Brummer list',
      'Brummer start x',
      'Brummer! stop',
      'Brummer logs',
      'Brummer peek',
      'Brummer search x',
      'Brummer problems',
      'Brummer tests',
      'Brummer urls',
      'Brummer open x',
      'Brummer info',
      'Brummer proxy http://localhost:1',
      'Brummer requests',
    }) do -- stylua: ignore
      local took = longest(function()
        vim.cmd(line)
      end)
      if took > worst then
        worst, what = took, line
      end
    end
    local took = longest(function()
      vim.fn.getcompletion('Brummer start ', 'cmdline')
      brummer.statusline()
    end)
    s.ok(worst < bearable, ('%s took %.0f ms'):format(what, worst))
    s.ok(took < bearable, took)
    s.until_('it is given up', s.noted('does not answer'))
  end

  function T.an_engine_that_turns_deaf_keeps_nobody_waiting()
    brummer.setup({ command = { s.program } })
    vim.cmd('Brummer restart-engine')
    s.until_('a connection', client.connected)
    vim.uv.kill(client.pid(), 'sigstop')
    local took = longest(function()
      vim.fn.getcompletion('Brummer start x', 'cmdline')
    end)
    s.ok(took < bearable, took)
    took = longest(client.leave)
    s.ok(took < bearable, took)
    vim.uv.kill(client.pid(), 'sigkill')
    s.until_('it is gone', function()
      return not client.pid()
    end)
  end

  function T.leaving_ends_the_engine_and_its_processes()
    local other = Screen.new(s.nvim, 80, 24, { '--cmd', 'set rtp^=' .. s.plugin, '--cmd', 'cd ' .. s.root })
    other:command('runtime plugin/brummer.lua')
    other:lua("require('brummer').setup({ command = { ... } })", s.program)
    other:command('Brummer start ++name=child exec sleep 600')
    local pid
    s.until_('its pid', function()
      pid = other:lua("local p = require('brummer').process('child') return p and p.pid or 0")
      return pid > 0
    end)
    other:quit()
    s.until_('the child is gone', function()
      return vim.uv.kill(pid, 0) ~= 0
    end)
  end
end
