-- :checkhealth, and the help: everything that a user can type has a tag.
return function(T, s)
  s.file('Makefile', 'x:\n\ttrue\n')
  local brummer = s.load()
  local client = require('brummer.client')

  local function health()
    vim.cmd('silent checkhealth brummer')
    local report = table.concat(s.lines(), '\n')
    vim.cmd('silent bwipeout!')
    return report
  end

  -- A busy machine may need longer than health waits.
  local function report_has(text)
    return s.until_(text, function()
      local report = health()
      return report:find(text, 1, true) and report
    end)
  end

  function T.health_of_a_program_that_is_missing()
    brummer.setup({ command = { 'brummer-rpc-that-is-not-there' } })
    s.ok(report_has('is not executable'):find('ERROR'), 'no error')
    brummer.setup({ command = { s.program } })
  end

  function T.health_before_and_after_connecting()
    report_has('not connected; the first :Brummer connects')
    s.call('process/list')
    local report = report_has('connected to the engine of ' .. s.root)
    s.ok(not report:find('ERROR'), report)
    s.ok(report:find('protocol 1', 1, true), report)
    s.ok(report:find(s.root .. ' (has Makefile)', 1, true), report)
    s.ok(report:find('none that this one has a part for', 1, true), report)
  end

  function T.health_tells_of_mistakes()
    brummer.setup({ command = { s.program }, colour = 'red' })
    s.file('brummer.toml', '[processes.web]\ncomand = "x"\n')
    local report = report_has('brummer.toml:2:')
    s.ok(report:find('colour: there is no such option', 1, true), report)
    brummer.setup({ command = { s.program } })
  end

  function T.health_of_a_deaf_engine_comes_soon()
    vim.uv.kill(client.pid(), 'sigstop')
    local began = vim.uv.hrtime()
    local report = health()
    local took = (vim.uv.hrtime() - began) / 1e6
    vim.uv.kill(client.pid(), 'sigcont')
    s.ok(report:find('has not answered within 250 ms', 1, true), report)
    s.ok(took < 2 * 300 + 500, took) -- two questions, the second of them unanswered
  end

  local function tags()
    vim.cmd('helptags ' .. s.plugin .. '/doc')
    local out = {}
    for _, line in ipairs(vim.fn.readfile(s.plugin .. '/doc/tags')) do
      out[line:match('^[^\t]+')] = true
    end
    return out
  end

  function T.everything_has_a_tag()
    local has, missing = tags(), {}
    local function want(tag)
      if not has[tag] then
        missing[#missing + 1] = tag
      end
    end
    for name, command in pairs(require('brummer.command.table')) do
      want(':Brummer-' .. name)
      for option in pairs(command.options or {}) do
        want(('brummer-%s-++%s'):format(name, option))
      end
    end
    local function options(of, prefix)
      for name, value in pairs(of) do
        want('brummer-option-' .. prefix .. name)
        if type(value) == 'table' and not vim.islist(value) then
          options(value, prefix .. name .. '.')
        end
      end
    end
    options(vim.tbl_extend('error', require('brummer.config').defaults, { root = '' }), '')
    for name in pairs(require('brummer.events').all) do
      want('Brummer' .. name)
    end
    for _, mode in ipairs({ 'n', 'x' }) do
      for _, map in ipairs(vim.api.nvim_get_keymap(mode)) do
        if vim.startswith(map.lhs, '<Plug>(brummer') then
          want(map.lhs)
        end
      end
    end
    for name, value in pairs(brummer) do
      if type(value) == 'function' then
        want('brummer.' .. name .. '()')
      end
    end
    s.eq({}, vim.fn.sort(missing))
  end

  function T.every_key_is_in_the_help()
    local text = table.concat(vim.fn.readfile(s.plugin .. '/doc/brummer.txt'), '\n')
    vim.cmd('Brummer logs')
    local keys = vim.list_extend(require('brummer.list.keys').of(), require('brummer.log.keys').of(require('brummer.log').get()))
    for _, key in ipairs(keys) do
      s.ok(text:find('\n  ' .. vim.pesc(key[1]) .. '[ ,]') or text:find(', ' .. vim.pesc(key[1]) .. '[ ,]'), key[1] .. ' is not in the help')
    end
  end

  function T.every_link_of_the_help_leads_somewhere()
    local has = tags()
    for _, line in ipairs(vim.fn.readfile(s.plugin .. '/doc/brummer.txt')) do
      for link in line:gmatch('|([^|%s]+)|') do
        s.ok(has[link] or #vim.fn.getcompletion(link, 'help') > 0, 'the help leads to ' .. link)
      end
      s.ok(vim.fn.strdisplaywidth(line) <= 80, 'too wide: ' .. line)
    end
  end

  function T.help_opens()
    tags()
    vim.cmd('help brummer')
    s.eq('brummer.txt', vim.fn.expand('%:t'))
    vim.cmd('help :Brummer-logs')
    s.ok(vim.api.nvim_get_current_line():find('*:Brummer-logs*', 1, true), vim.api.nvim_get_current_line())
  end
end
