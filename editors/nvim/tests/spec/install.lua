-- The ways in which the help says that the plugin is installed, each in a Neovim of
-- its own.
return function(T, s)
  local unpacked

  -- fresh runs Lua in a new Neovim, whose config this is, and returns what it prints.
  local function fresh(config, code)
    local dir = vim.fn.tempname()
    vim.fn.mkdir(dir .. '/nvim', 'p')
    vim.fn.writefile(vim.split(config, '\n'), dir .. '/nvim/init.lua')
    vim.fn.writefile(vim.split(code, '\n'), dir .. '/code.lua')
    local parsers = os.getenv('BRUMMER_PARSERS')
    local args = { s.nvim, '--headless', '-i', 'NONE', '-n' }
    if parsers ~= '' then
      vim.list_extend(args, { '--cmd', 'set rtp+=' .. parsers })
    end
    vim.list_extend(args, { '-c', 'luafile ' .. dir .. '/code.lua', '-c', 'qall!' })
    local path = vim.fs.dirname(s.program) .. ':' .. os.getenv('PATH')
    local out = vim.system(args, { text = true, cwd = s.root, env = { XDG_CONFIG_HOME = dir, XDG_DATA_HOME = dir .. '/data', PATH = path } }):wait(s.patience)
    return out.stdout
  end

  -- works starts something, sees it on the list, and opens the help.
  local works = [[
    vim.cmd('Brummer start ++name=hello exec sleep 600')
    local ran = vim.wait(30000, function()
      local p = require('brummer').process('hello')
      return p and p.state == 'running'
    end)
    vim.cmd('help :Brummer-logs')
    io.stdout:write(tostring(ran), ' ', vim.fn.expand('%:p:h:h'), ' ', vim.fn.exists(':Brummer'))
  ]]

  local function is_there(out, folder)
    s.eq(('true %s 2'):format(folder), out)
  end

  function T.the_program_unpacks_it()
    s.eq('brummer-rpc', vim.fs.basename(s.program))
    unpacked = vim.trim(vim.fn.system({ s.program, 'nvim-plugin', '--path' }))
    s.eq(0, vim.v.shell_error)
    s.eq(1, vim.fn.filereadable(unpacked .. '/plugin/brummer.lua'))
    for _, file in ipairs(vim.fn.globpath(unpacked, '**/*.lua', false, true)) do
      local ours = s.plugin .. file:sub(#unpacked + 1)
      s.eq(vim.fn.readfile(ours), vim.fn.readfile(file))
    end
  end

  function T.as_a_package_by_a_link()
    local site = vim.fn.tempname()
    vim.fn.mkdir(site .. '/pack/brummer/start', 'p')
    vim.uv.fs_symlink(unpacked, site .. '/pack/brummer/start/brummer')
    is_there(fresh(("vim.opt.packpath:prepend('%s')"):format(site), works), site .. '/pack/brummer/start/brummer')
  end

  function T.as_a_folder_of_the_runtime_path()
    -- lazy.nvim puts `dir` there, and sources what is in plugin/.
    vim.uv.fs_utime(unpacked, 1, 1)
    is_there(fresh(("vim.opt.rtp:append('%s')"):format(unpacked), works), unpacked)
    s.ok(vim.uv.fs_stat(unpacked).mtime.sec > 1, 'nothing says that it is in use')
  end

  function T.from_the_repository_by_vim_pack()
    if not vim.pack then
      return -- it is new in Neovim 0.12
    end
    local repository = vim.fn.tempname()
    vim.fn.mkdir(repository .. '/editors/nvim', 'p')
    for _, name in ipairs({ 'plugin', 'lua', 'ftplugin', 'syntax', 'doc' }) do
      vim.fn.system({ 'cp', '-r', unpacked .. '/' .. name, repository .. '/editors/nvim/' })
    end
    for _, args in ipairs({ { 'init', '-q' }, { 'add', '.' }, { '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'all' } }) do
      local out = vim.fn.system(vim.list_extend({ 'git', '-C', repository }, args))
      s.ok(vim.v.shell_error == 0, out)
    end
    local config = ([[
      vim.pack.add({ { src = 'file://%s', name = 'brummer-rpc' } }, {
        confirm = false,
        load = function(plugin)
          vim.opt.rtp:append(plugin.path .. '/editors/nvim')
          vim.cmd.runtime('plugin/brummer.lua')
        end,
      })
    ]]):format(repository)
    local out = fresh(config, works)
    s.ok(out:find('true %S+/site/pack/core/opt/brummer%-rpc/editors/nvim 2$'), out)
  end
end
