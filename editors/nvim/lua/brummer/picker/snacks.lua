--- Sources for snacks.nvim: require('brummer.picker.snacks').processes(),
--- scripts(), urls(), problems(), requests().
local picker = require('brummer.picker')

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
  local item = ctx.item.item
  if item.place then
    return require('snacks').picker.preview.file(ctx)
  end
  ctx.preview:reset()
  picker.about(item, function(lines)
    if ctx.preview.item == ctx.item then -- it may be another one's by now
      ctx.preview:set_lines(lines)
    end
  end)
end

local function choose(source, items, opts)
  local entries = {}
  for i, item in ipairs(items) do
    entries[i] = entry(item, i)
  end
  require('snacks').picker.pick(vim.tbl_deep_extend('keep', opts, {
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

return picker.by(choose)
