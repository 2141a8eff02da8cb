--- An extension of telescope: require('telescope').load_extension('brummer'), then
--- :Telescope brummer processes, scripts, urls, problems or requests.
local picker = require('brummer.picker')

local function entry_maker(item)
  local place = item.place
  return {
    value = item,
    display = item.text,
    ordinal = item.text,
    filename = place and place.file,
    lnum = place and place.line,
    col = place and place.column,
  }
end

-- previewer shows the end of a process's log.
local function previewer()
  return require('telescope.previewers').new_buffer_previewer({
    title = 'Log',
    define_preview = function(self, entry)
      local bufnr = self.state.bufnr
      picker.tail(entry.value.process, function(lines)
        if vim.api.nvim_buf_is_valid(bufnr) then
          vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
        end
      end)
    end,
  })
end

local function run_chosen(prompt)
  local chosen = require('telescope.actions.state').get_selected_entry()
  require('telescope.actions').close(prompt)
  if chosen then
    chosen.value.run()
  end
end

local function choose(source, items, opts)
  local values = require('telescope.config').values
  local logs = items[1] and items[1].process ~= nil
  require('telescope.pickers')
    .new(opts, {
      prompt_title = source.prompt,
      finder = require('telescope.finders').new_table({ results = items, entry_maker = entry_maker }),
      sorter = values.generic_sorter(opts),
      previewer = logs and previewer() or values.grep_previewer(opts),
      attach_mappings = function(prompt)
        require('telescope.actions').select_default:replace(function()
          run_chosen(prompt)
        end)
        return true
      end,
    })
    :find()
end

local exports = {}
for name, source in pairs(picker.sources) do
  exports[name] = function(opts)
    source.items(function(items)
      choose(source, items, opts or {})
    end)
  end
end
exports.brummer = exports.processes

return require('telescope').register_extension({ exports = exports })
