-- Which failures are worth a word, and that there is never a storm of them.
return function(T, s)
  s.load()
  local crashes = require('brummer.crashes')

  -- what has been said so far
  local function said()
    return table.concat(s.notes, '\n')
  end

  -- is_said waits until all that waits has been said; a marker is told last.
  local function look(before, now)
    crashes.look(before, vim.tbl_extend('keep', now, { run = 1, state = 'failed', exitCode = 1, problems = {} }))
  end

  function T.the_crash_of_what_was_ready_is_told()
    s.start('web', 'exec sleep 600')
    s.is('web', 'running')
    s.call('process/signal', { id = 'web', signal = 'KILL' })
    s.until_('the word', s.noted('web has crashed: SIGKILL'))
  end

  function T.what_was_asked_for_from_here_is_told()
    vim.cmd('Brummer start ++name=oops exit 3')
    s.until_('the word', s.noted('oops has failed: exit code 3'))
  end

  function T.what_was_stopped_or_has_ended_well_is_not_told()
    local fired = {}
    local id = vim.api.nvim_create_autocmd('User', {
      pattern = 'BrummerProcessFailed',
      callback = function(e)
        fired[#fired + 1] = e.data.process.id
      end,
    })
    s.start('fine', 'exec sleep 600')
    s.is('fine', 'running')
    s.call('process/stop', { id = 'fine' })
    s.is('fine', 'stopped')
    s.start('good', 'true')
    s.is('good', 'exited')
    s.start('last', 'exit 1')
    s.is('last', 'failed')
    vim.api.nvim_del_autocmd(id)
    s.eq({ 'last' }, fired)
  end

  function T.many_at_once_are_one_word()
    for i = 1, 20 do
      look({ run = 1, state = 'running', ready = true }, { id = 'many' .. i })
    end
    s.until_('the word', s.noted('and 17 more have failed'))
    s.eq(1, #s.notes)
    s.ok(said():find('many1 has failed: exit code 1', 1, true), said())
  end

  function T.what_crashes_over_and_over_is_told_once()
    for run = 1, 50 do
      look({ id = 'loop', run = run, state = 'running', ready = true }, { id = 'loop', run = run, state = 'backoff' })
    end
    s.until_('the word', s.noted('loop has failed: exit code 1; it is started again'))
    look({ run = 1, state = 'running', ready = true }, { id = 'marker' })
    s.until_('the marker', s.noted('marker'))
    s.eq(2, #s.notes)
    local _, n = said():gsub('loop', '')
    s.eq(1, n)
  end

  function T.it_can_be_turned_off()
    require('brummer').setup({ command = { s.program }, notify = false })
    look({ run = 1, state = 'running', ready = true }, { id = 'quiet' })
    require('brummer').setup({ command = { s.program } })
    look({ run = 1, state = 'running', ready = true }, { id = 'loud' })
    s.until_('the loud one', s.noted('loud'))
    s.ok(not said():find('quiet', 1, true), said())
  end
end
