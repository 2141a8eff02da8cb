-- A Neovim that is too old says so in one sentence: a real one, if .ci/test has named
-- it, and this one with another version.
return function(T, s)
  local real = os.getenv('BRUMMER_OLD_NVIM')
  local pretend = [[lua local has = vim.fn.has; vim.fn.has = function(what) return what == 'nvim-0.10' and 0 or has(what) end]]

  -- says runs commands in another Neovim and returns what it tells the user.
  local function says(nvim, before, commands)
    local args = { nvim, '--headless', '-u', 'NONE', '-i', 'NONE', '-n', '--cmd', 'set rtp^=' .. s.plugin }
    if before then
      vim.list_extend(args, { '--cmd', before })
    end
    for _, command in ipairs(vim.list_extend({ 'runtime plugin/brummer.lua' }, commands)) do
      vim.list_extend(args, { '-c', command })
    end
    -- VIMRUNTIME is of the Neovim that asks.
    local done = vim.system(vim.list_extend(args, { '-c', 'qall!' }), { text = true, env = { VIMRUNTIME = false } }):wait(s.patience)
    return vim.trim((done.stderr:gsub('\r', '')))
  end

  local function check(nvim, before, version)
    local sentence = 'brummer needs Neovim 0.10 or newer, and this is ' .. version
    for _, command in ipairs({ 'Brummer', 'Brummer! start ++name=x true', "lua require('brummer').setup({})", "lua require('brummer').logs('web')" }) do
      local said = says(nvim, before, { command })
      s.ok(said:find('^' .. vim.pesc(sentence) .. '[%d.]*$'), { command, said })
    end
    local report = says(nvim, before, { 'checkhealth brummer', [[lua io.stderr:write(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'))]] })
    s.ok(report:find('ERROR:? ' .. vim.pesc(sentence)), report)
    s.ok(not report:find('traceback'), report)
    s.eq('', says(nvim, before, {})) -- nothing is said before it is used
  end

  function T.a_version_that_is_too_old_is_told_in_a_sentence()
    check(s.nvim, pretend, ('%d.%d'):format(vim.version().major, vim.version().minor))
  end

  if real then
    function T.by_a_real_one_as_well()
      check(real, nil, '0.7.2')
    end
  end
end
