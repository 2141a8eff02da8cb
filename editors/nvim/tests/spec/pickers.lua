-- Choosing: vim.ui.select, and the sources for telescope, fzf-lua and snacks. None
-- of those three can be had from a registry. They are stood in for by the few functions
-- of theirs that are used, which behave as their sources do, read in November 2026:
-- telescope's from_entry, previewers/buffer_previewer, finders and actions; fzf-lua's
-- fzf_exec and build_fzf_cli, of 2023 and newer; snacks' picker, its preview and core/
-- preview. What is shown here is that ours call them so, and do the right thing with
-- what they give back.
return function(T, s)
  s.file('Makefile', 'hello:\n\t@echo hello; exec sleep 600\n')
  s.load()
  local state = require('brummer.state')

  local function select(choose)
    local seen
    vim.ui.select = function(items, opts, callback)
      seen = { prompt = opts.prompt, kind = opts.kind, texts = vim.tbl_map(opts.format_item or tostring, items) }
      callback(choose and items[choose] or nil)
    end
    return function()
      return seen
    end
  end

  -- with puts modules in place for a test.
  local function with(modules, run)
    for name, module in pairs(modules) do
      package.loaded[name] = module
    end
    local ok, err = pcall(run)
    for name in pairs(modules) do
      package.loaded[name] = nil
    end
    s.ok(ok, err)
  end

  function T.vim_ui_select()
    local seen = select(1)
    vim.cmd('Brummer pick scripts')
    s.until_('the choice', seen)
    s.eq({ 'Start', 'brummer.scripts' }, { seen().prompt, seen().kind })
    s.ok(seen().texts[1]:find('^make:hello +make hello$'), seen().texts)
    s.is('hello', 'running')
  end

  function T.nothing_chosen_is_nothing_done()
    local seen = select(nil)
    vim.cmd('Brummer pick')
    s.until_('the choice', seen)
    s.ok(seen().texts[1]:find('^hello +running'), seen().texts)
    s.eq('', vim.api.nvim_buf_get_name(0))
  end

  function T.problems_lead_to_their_place()
    s.file('a.go', 'package a\n\nvar x = y\n')
    s.start('cc', 'echo ./a.go:3:9: undefined: y; exec sleep 600')
    s.until_('it', function()
      return state.trouble('cc') == 1
    end)
    local seen = select(1)
    vim.cmd('Brummer pick problems')
    s.until_('the choice', seen)
    s.eq('a.go:3: error: undefined: y', seen().texts[1])
    s.eq({ 'a.go', { 3, 8 } }, { vim.fn.expand('%:t'), vim.api.nvim_win_get_cursor(0) })
  end

  function T.telescope()
    local picked, previewed, closed
    local actions = {
      close = function(prompt)
        closed = prompt
      end,
      select_default = {
        replace = function(self, run)
          self.run = run
        end,
      },
    }
    with({
      ['telescope'] = {
        register_extension = function(extension)
          return extension
        end,
      },
      ['telescope.config'] = {
        values = {
          generic_sorter = function()
            return 'sorter'
          end,
          buffer_previewer_maker = function(path, bufnr, o)
            vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.fn.readfile(path))
            o.callback(bufnr)
          end,
        },
      },
      ['telescope.finders'] = {
        new_table = function(o)
          local entries = vim.tbl_map(o.entry_maker, o.results)
          for _, entry in ipairs(entries) do
            -- What it takes for a path, for its title and the quickfix list.
            s.eq('string', type(entry.path or entry.filename or entry.value))
          end
          return entries
        end,
      },
      ['telescope.previewers'] = {
        new_buffer_previewer = function(o)
          return o
        end,
      },
      ['telescope.pickers'] = {
        new = function(_, o)
          return {
            find = function()
              picked = o
            end,
          }
        end,
      },
      ['telescope.actions'] = actions,
      ['telescope.actions.state'] = {
        get_selected_entry = function()
          return picked.finder[1]
        end,
      },
    }, function()
      package.loaded['telescope._extensions.brummer'] = nil
      local extension = require('telescope._extensions.brummer')
      s.eq(vim.list_extend({ 'brummer' }, require('brummer.picker').names()), vim.fn.sort(vim.tbl_keys(extension.exports)))
      extension.exports.processes({})
      s.until_('the picker', function()
        return picked
      end)
      s.eq({ 'Processes', 'sorter' }, { picked.prompt_title, picked.sorter })
      local entry = picked.finder[1]
      s.ok(entry.ordinal:find('^hello +running'), entry)
      local bufnr = vim.api.nvim_create_buf(false, true)
      picked.previewer.define_preview({ state = { bufnr = bufnr } }, entry)
      s.until_('the preview', s.has('hello', bufnr))
      previewed = true
      s.eq(true, picked.attach_mappings(7))
      actions.select_default.run()
      s.eq({ 7, 'brummer://log/hello', true }, { closed, vim.api.nvim_buf_get_name(0), previewed })
      picked = nil
      extension.exports.problems({})
      s.until_('the picker', function()
        return picked
      end)
      s.eq({ s.root .. '/a.go', 3 }, { picked.finder[1].filename, picked.finder[1].lnum })
      vim.cmd('enew')
      picked.previewer.define_preview({ state = { bufnr = vim.api.nvim_get_current_buf(), winid = vim.api.nvim_get_current_win() } }, picked.finder[1])
      s.eq({ 'package a', { 3, 0 } }, { s.lines()[1], vim.api.nvim_win_get_cursor(0) })
      picked.previewer.define_preview({ state = { bufnr = bufnr } }, { value = { text = 'no place, no process' } })
      s.eq({ 'no place, no process' }, s.lines(bufnr))
    end)
  end

  function T.fzf_lua()
    local given
    with({
      ['fzf-lua'] = {
        fzf_exec = function(contents, opts)
          given = { contents, opts }
        end,
      },
    }, function()
      require('brummer.picker.fzf').processes()
      s.until_('the picker', function()
        return given
      end)
      s.ok(given[1][1]:find('^1\thello +running'), given[1])
      s.eq('Processes> ', given[2].prompt)
      s.eq({ ['--with-nth'] = '2..' }, given[2].fzf_opts) -- nothing that a shell would take apart
      given[2].actions.default({ given[1][1] })
      s.eq('brummer://log/hello', vim.api.nvim_buf_get_name(0))
    end)
  end

  function T.snacks()
    local given, closed
    with({
      ['snacks'] = {
        picker = {
          pick = function(o)
            given = o
          end,
          preview = {
            file = function()
              return 'file'
            end,
          },
        },
      },
    }, function()
      require('brummer.picker.snacks').processes({ title = 'Mine' })
      s.until_('the picker', function()
        return given
      end)
      s.eq({ 'Mine', 'text' }, { given.title, given.format })
      local shown
      local function preview(item, present)
        shown = nil
        given.preview({
          item = item,
          preview = {
            item = present,
            reset = function()
              shown = {}
            end,
            set_lines = function(_, lines)
              shown = lines
            end,
          },
        })
      end
      preview(given.items[1], given.items[1])
      s.until_('the preview', function()
        return shown[1] == 'hello'
      end)
      local other = { item = { text = 'another one' } }
      preview(given.items[1], other) -- the user has gone on
      s.call('process/list')
      s.eq({}, shown)
      preview(other, other)
      s.eq({ 'another one' }, shown)
      given.confirm({
        close = function()
          closed = true
        end,
      }, given.items[1])
      s.until_('its log', function()
        return closed and vim.api.nvim_buf_get_name(0) == 'brummer://log/hello'
      end)
      given = nil
      require('brummer.picker.snacks').problems()
      s.until_('the picker', function()
        return given
      end)
      s.eq({ s.root .. '/a.go', { 3, 8 } }, { given.items[1].file, given.items[1].pos })
      s.eq('file', given.preview({ item = given.items[1] }))
    end)
  end

  function T.lualine_has_a_component()
    with({
      ['lualine.component'] = {
        extend = function()
          return {}
        end,
      },
    }, function()
      s.eq('▶2 E1', require('lualine.components.brummer').update_status())
    end)
  end
end
