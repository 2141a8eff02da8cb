--- Sources for snacks.nvim: require('brummer.picker.snacks').processes(),
--- scripts(), urls(), problems(), requests().
local picker = require('brummer.picker')

local M = {}

-- A place is previewed by snacks as a file, a process by the end of its log.
local function entry(item, i)
  local place = item.place
  return {
    idx = i,
    text = item.text,
    item = item,
    file = place and place.file,
    pos = place and { place.line, place.column - 1 } or nil,
  }
end

local function preview(ctx)
  local id = ctx.item.item.process
  if not id then
    return require('snacks').picker.preview.file(ctx)
  end
  picker.tail(id, function(lines)
    ctx.preview:set_lines(lines)
  end)
end

local function choose(source, items, opts)
  local entries = {}
  for i, item in ipairs(items) do
    entries[i] = entry(item, i)
  end
  require('snacks').picker.pick(vim.tbl_deep_extend('keep', opts or {}, {
    title = source.prompt,
    items = entries,
    format = 'text',
    preview = preview,
    confirm = function(self, chosen)
      self:close()
      if chosen then
        vim.schedule(chosen.item.run)
      end
    end,
  }))
end

for name, source in pairs(picker.sources) do
  M[name] = function(opts)
    source.items(function(items)
      choose(source, items, opts)
    end)
  end
end

return M
