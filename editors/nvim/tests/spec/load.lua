-- What happens before the plugin is used: next to nothing.
return function(T, s)
  function T.nothing_is_loaded_before_it_is_used()
    local out = vim.fn.system({
      s.nvim,
      '--headless',
      '--clean',
      '-u',
      'NONE',
      '-i',
      'NONE',
      '--cmd',
      'set rtp^=' .. s.plugin,
      '-c',
      'runtime plugin/brummer.lua',
      '-c',
      'lua for name in pairs(package.loaded) do if name:find("brummer") then io.stderr:write(name .. "\\n") end end',
      '-c',
      'qa',
    }) -- stylua: ignore
    s.eq('', vim.trim(out))
  end

  function T.no_key_is_taken()
    vim.cmd('runtime plugin/brummer.lua')
    local ours = vim.tbl_filter(function(m)
      return (m.rhs or ''):find('[Bb]rummer') ~= nil
    end, vim.list_extend(vim.api.nvim_get_keymap('n'), vim.api.nvim_get_keymap('x')))
    s.ok(#ours > 0, 'no maps')
    for _, m in ipairs(ours) do
      s.ok(vim.startswith(m.lhs, '<Plug>(brummer-'), m.lhs)
    end
  end

  function T.statusline_and_completion_start_nothing()
    s.eq('', require('brummer').statusline())
    vim.fn.getcompletion('Brummer stop ', 'cmdline')
    s.eq(nil, require('brummer.client').pid())
  end

  function T.options_of_vim_g_and_setup()
    local config = require('brummer.config')
    vim.g.brummer = { notify = false, log = { lines = 5 } }
    config.set({ log = { page = 7 } })
    s.eq({ false, 5, 7, 15 }, { config.get().notify, config.get().log.lines, config.get().log.page, config.get().log.height })
    vim.g.brummer = nil
    config.set({ colour = 'red', log = { lines = 'many' }, root = 5 })
    s.ok(s.noted('colour: there is no such option')(), s.notes)
    s.ok(s.noted('log.lines: a number is wanted, not "many"')(), s.notes)
    s.ok(s.noted('root: a folder')(), s.notes)
    config.set({})
  end

  function T.the_root_is_found_upwards()
    local root = require('brummer.root')
    s.file('a/b/c/x', '')
    s.file('a/package.json', '{}')
    vim.cmd.cd(s.root .. '/a/b/c')
    s.eq({ s.root .. '/a', 'has package.json' }, { root.find() })
    s.file('brummer.toml', '')
    s.eq({ s.root, 'has brummer.toml' }, { root.find() })
    require('brummer').setup({
      root = function()
        return s.root .. '/a/'
      end,
    })
    s.eq({ s.root .. '/a', 'option root' }, { root.find() })
  end
end
