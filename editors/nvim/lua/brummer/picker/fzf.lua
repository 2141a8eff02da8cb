--- Sources for fzf-lua: require('brummer.picker.fzf').processes(), scripts(),
--- urls(), problems(), requests().
local picker = require('brummer.picker')

local M = {}

-- choose shows items as numbered lines: fzf gives back the line, and the number
-- says which it was.
local function choose(source, items, opts)
  local lines = {}
  for i, item in ipairs(items) do
    lines[i] = ('%d\t%s'):format(i, item.text)
  end
  require('fzf-lua').fzf_exec(
    lines,
    vim.tbl_deep_extend('keep', opts or {}, {
      prompt = source.prompt .. '> ',
      fzf_opts = { ['--delimiter'] = '\t', ['--with-nth'] = '2..' },
      actions = {
        ['default'] = function(selected)
          for _, line in ipairs(selected or {}) do
            items[tonumber(line:match('^%d+'))].run()
          end
        end,
      },
    })
  )
end

for name, source in pairs(picker.sources) do
  M[name] = function(opts)
    source.items(function(items)
      choose(source, items, opts)
    end)
  end
end

return M
