--- Sources for fzf-lua: require('brummer.picker.fzf').processes(), scripts(),
--- urls(), problems(), requests().
local picker = require('brummer.picker')

-- choose shows items as numbered lines: fzf gives back the line, and the number
-- says which it was. fzf's own idea of a field hides it: a delimiter would have to be
-- quoted for older versions of fzf-lua, and not for newer ones.
local function choose(source, items, opts)
  local lines = {}
  for i, item in ipairs(items) do
    lines[i] = ('%d\t%s'):format(i, item.text)
  end
  require('fzf-lua').fzf_exec(
    lines,
    vim.tbl_deep_extend('keep', opts, {
      prompt = source.prompt .. '> ',
      fzf_opts = { ['--with-nth'] = '2..' },
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

return picker.by(choose)
