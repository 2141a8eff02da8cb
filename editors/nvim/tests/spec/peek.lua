-- The floating peek: beside the cursor, live, gone with the next movement.
return function(T, s)
  s.load({ peek = { height = 4, width = 40 } })

  local function float()
    for _, w in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(w).relative ~= '' then
        return w
      end
    end
  end

  -- moved moves the cursor, and tells of it: without a screen Neovim does not.
  local function moved()
    vim.cmd('normal! j')
    vim.cmd('doautocmd CursorMoved')
  end

  -- peek shows it from a buffer in which the cursor can move.
  local function peek(id)
    if not float() then
      vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'one', 'two' })
      vim.api.nvim_win_set_cursor(0, { 1, 0 })
    end
    vim.cmd('Brummer peek ' .. id)
  end

  local function shown()
    return float() and table.concat(s.lines(vim.api.nvim_win_get_buf(float())), '\n') or ''
  end

  function T.it_shows_the_end_and_follows()
    s.start('talk', 'seq 1 20; exec cat')
    s.printed('talk', '20')
    local before = vim.api.nvim_get_current_win()
    peek('talk')
    s.eq(before, vim.api.nvim_get_current_win()) -- it does not take the cursor
    s.until_('the end', function()
      return shown():find('20', 1, true)
    end)
    s.eq({ 4, 40 }, { vim.api.nvim_win_get_height(float()), vim.api.nvim_win_get_width(float()) })
    s.say('talk', 'more')
    s.until_('what is new', function()
      return shown():find('more', 1, true)
    end)
    s.eq(21, vim.api.nvim_win_get_cursor(float())[1])
    vim.cmd('doautocmd CursorMoved') -- it tells of a movement before
    s.ok(float(), 'it has gone without a movement')
    moved()
    s.eq(nil, float())
  end

  function T.asked_for_again_it_takes_the_cursor()
    peek('talk')
    peek('talk')
    s.eq(float(), vim.api.nvim_get_current_win())
    moved()
    s.ok(float(), 'a movement in it has closed it')
    vim.cmd('wincmd p')
    s.until_('it has gone', function()
      return not float()
    end)
  end

  function T.another_one_can_follow()
    peek('talk')
    moved()
    peek('')
    s.until_('all', function()
      return shown():find('talk +│ more') ~= nil
    end)
    moved()
    s.eq(nil, float())
  end

  function T.a_log_can_float_in_the_middle()
    vim.cmd('Brummer! logs talk')
    s.eq(float(), vim.api.nvim_get_current_win())
    s.until_('the end', s.has('more'))
    vim.cmd('normal q')
    s.eq(nil, float())
  end
end
