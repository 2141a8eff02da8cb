-- A log that comes faster than anybody can read. How Neovim feels meanwhile is
-- measured in tests/latency.lua.
return function(T, s)
  s.load({ command = { s.program, '--log-budget', '1048576' }, log = { lines = 2000, page = 100 } })
  local logs = require('brummer.log')

  local function at_end(text)
    return function()
      return s.lines()[vim.api.nvim_buf_line_count(0)] == text
    end
  end

  function T.the_buffer_is_bounded_and_the_end_is_seen()
    s.start('flood', 'yes abcdefghijklmnopqrstuvwxyz | head -n 300000; echo the end; exec cat')
    vim.cmd('Brummer logs flood')
    local most = 0
    s.until_('its end', function()
      most = math.max(most, vim.api.nvim_buf_line_count(0))
      return at_end('the end')()
    end)
    s.ok(most <= 2000, most)
  end

  function T.every_line_is_there_or_in_a_gap()
    s.start('held', 'read x; seq 1 200000; exec cat')
    s.follow('held')
    s.say('held', 'go')
    s.until_('a page', function()
      return vim.api.nvim_buf_line_count(0) > 50
    end)
    vim.api.nvim_win_set_cursor(0, { 5, 0 }) -- somebody reads, so what comes has to wait
    s.printed('held', '200000')
    local reading = vim.api.nvim_get_current_line()
    s.ok(vim.api.nvim_buf_line_count(0) <= 2000 + 1024, vim.api.nvim_buf_line_count(0))
    s.eq(reading, vim.api.nvim_get_current_line())
    vim.cmd('normal G')
    vim.cmd('doautocmd CursorMoved')
    s.until_('the end', at_end('200000'))
    -- What is in the buffer is in order, and a gap's count is what its place says.
    local expected, gaps = nil, 0
    for _, text in ipairs(s.lines()) do
      local n, gone = tonumber(text), text:match('^… ([%d,]+) lines are gone: there was no room for them$')
      s.ok(n or gone, text)
      if gone then
        gaps = gaps + 1
        expected = expected and expected + tonumber((gone:gsub(',', '')))
      else
        s.ok(expected == nil or n == expected, { want = expected, got = n })
        expected = n + 1
      end
    end
    s.ok(gaps <= 1, gaps)
  end

  function T.keys_have_their_turn_between_batches()
    local entries = require('brummer.log.entries')
    s.start('slow', 'echo begin; exec cat')
    s.follow('slow')
    local feed = logs.get().feed
    s.until_('the first line, which may come as a batch', function()
      return #feed.queue == 0 and vim.deep_equal(s.lines(), { 'begin' })
    end)
    local quick, passes = entries.of_batch, {}
    entries.of_batch = function(...) -- takes longer than one flush may
      local began = vim.uv.hrtime()
      while vim.uv.hrtime() - began < 5e6 do
      end
      return quick(...)
    end
    for i = 1, 4 do
      local runs = { { 1, 'slow', 1, 'stdout', 'info' } }
      table.insert(feed.queue, { subscription = 'none', batch = i, next = 'none', first = i + 1, runs = runs, text = { 'batch ' .. i } })
    end
    feed.pass = function(self)
      local passed = getmetatable(self).pass(self)
      passes[#passes + 1] = #passed
      return passed
    end
    local ok, err = pcall(function()
      feed:flush()
      s.eq(3, #feed.queue)
      s.until_('the rest', function()
        return #feed.queue == 0
      end)
    end)
    entries.of_batch = quick
    s.ok(ok, err)
    s.eq({ 1, 1, 1, 1 }, passes)
    s.eq({ 'begin', 'batch 1', 'batch 2', 'batch 3', 'batch 4' }, s.lines())
  end

  function T.a_gap_has_words()
    local entries = require('brummer.log.entries')
    s.eq('… 1,234,567 lines are gone: there was no room for them', entries.gap({ count = 1234567, reason = 'overwritten' }).text)
    s.eq('… up to 12 lines are gone: cleared', entries.gap({ count = 12, reason = 'cleared', filtered = true }).text)
    s.eq('… 1 line is gone: cleared', entries.gap({ count = 1, reason = 'cleared' }).text)
  end

  function T.columns_become_lines()
    local entries = require('brummer.log.entries')
    local batch = {
      gap = { count = 3, reason = 'overwritten' },
      first = 7,
      dseq = { 0, 1, 4 },
      runs = { { 2, 'web', 1, 'stdout', 'info' }, { 1, 'db', 2, 'stderr', 'error' } },
      partial = { 1 },
      redraw = { 2 },
      text = { 'a', 'b', 'c' },
    }
    local got = entries.of_batch(batch, { db = 1 })
    s.eq(
      { 'a', 'b', '── db: run 2 ──', 'c' },
      vim.tbl_map(function(e)
        return e.text
      end, vim.list_slice(got, 2))
    )
    s.eq({ nil, true, 'db', 'error', true }, { got[2].partial, got[3].partial, got[5].process, got[5].level, got[5].redraw })
    s.eq(12, entries.last_seq(batch))
  end
end
