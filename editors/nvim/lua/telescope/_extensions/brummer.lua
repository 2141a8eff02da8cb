--- An extension of telescope: require('telescope').load_extension('brummer'), then
--- :Telescope brummer processes, scripts, urls, problems or requests.
local picker = require('brummer.picker')

local function entry_maker(item)
  local place = item.place
  return {
    value = item,
    display = item.text,
    ordinal = item.text,
    filename = place and place.file or '', -- or telescope takes the value for a path
    lnum = place and place.line,
    col = place and place.column,
  }
end

local function preview_file(state, place)
  require('telescope.config').values.buffer_previewer_maker(place.file, state.bufnr, {
    bufname = state.bufname,
    winid = state.winid,
    callback = function()
      pcall(vim.api.nvim_win_set_cursor, state.winid, { place.line, 0 }) -- of a shorter file, or a closed window
    end,
  })
end

-- previewer shows a place, the end of a process's log, or what there is to say.
local function previewer()
  return require('telescope.previewers').new_buffer_previewer({
    title = 'Preview',
    define_preview = function(self, entry)
      local bufnr = self.state.bufnr
      if entry.value.place then
        return preview_file(self.state, entry.value.place)
      end
      picker.about(entry.value, function(lines)
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
  require('telescope.pickers')
    .new(opts, {
      prompt_title = source.prompt,
      finder = require('telescope.finders').new_table({ results = items, entry_maker = entry_maker }),
      sorter = require('telescope.config').values.generic_sorter(opts),
      previewer = previewer(),
      attach_mappings = function(prompt)
        require('telescope.actions').select_default:replace(function()
          run_chosen(prompt)
        end)
        return true
      end,
    })
    :find()
end

local exports = picker.by(choose)
exports.brummer = exports.processes

return require('telescope').register_extension({ exports = exports })
