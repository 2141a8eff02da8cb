-- Colours of a line: SGR as terminals print it.
return function(T, s)
  local ansi = require('brummer.ansi')

  -- looks gives each coloured piece of a line with what its group is like.
  local function looks(line)
    local text = ansi.strip(line)
    return vim.tbl_map(function(h)
      local group = vim.api.nvim_get_hl(0, { name = h[3] })
      group.default, group.cterm, group.ctermfg, group.ctermbg = nil, nil, nil, nil
      return { text:sub(h[1] + 1, h[2]), group }
    end, ansi.highlights(line))
  end

  function T.text_without_colours()
    s.eq('plain', ansi.strip('plain'))
    s.eq('a b c', ansi.strip('\27[31ma\27[0m b \27[38;5;200;1mc\27[m'))
  end

  function T.a_plain_line_has_none()
    s.eq({}, ansi.highlights('plain'))
    s.eq({}, ansi.highlights('\27[0mplain\27[m'))
    s.eq({}, ansi.highlights(''))
  end

  function T.colours_and_weights()
    s.eq({ { 'red', { fg = 0xcd0000 } } }, looks('a \27[31mred\27[0m b'))
    s.eq({ { 'x', { fg = 0xff0000, bg = 0x3b78ff } } }, looks('\27[91;44mx'))
    s.eq({ { 'a', { bold = true } }, { 'b', { bold = true, underline = true } }, { 'c', { underline = true } } }, looks('\27[1ma\27[4mb\27[22mc\27[24md'))
    s.eq({ { 'x', { italic = true, reverse = true, strikethrough = true } } }, looks('\27[3;7;9mx\27[23;27;29my'))
    s.eq({ { 'dim', { link = 'Comment' } } }, looks('\27[2mdim'))
    s.eq({ { 'x', { fg = 0x00cd00 } } }, looks('\27[31;39;32mx\27[39my'))
  end

  function T.more_colours()
    s.eq({ { 'x', { fg = 0x010203 } } }, looks('\27[38;2;1;2;3mx'))
    s.eq({ { 'x', { bg = 0x010203 } } }, looks('\27[48:2:1:2:3mx'))
    s.eq({ { 'x', { fg = 0xff0000 } } }, looks('\27[38;5;196mx')) -- of the cube
    s.eq({ { 'x', { fg = 0x080808 } } }, looks('\27[38;5;232mx')) -- of the greys
    s.eq({ { 'x', { fg = 0xcd0000 } } }, looks('\27[38;5;1mx')) -- of the basic ones
  end

  function T.nonsense_is_survived()
    for _, line in ipairs({ '\27[38m', '\27[38;5mx', '\27[38;2;1mx', '\27[999mx', '\27[38;5;9999mx', '\27[;;;mx' }) do
      s.eq('x', (ansi.strip(line .. 'x'):gsub('xx', 'x')))
      ansi.highlights(line .. 'x')
    end
  end

  function T.positions_are_bytes()
    s.eq({ { 'é', { fg = 0xcd0000 } }, { '€', { fg = 0x00cd00 } } }, looks('ä\27[31mé\27[0m→\27[32m€'))
  end

  function T.the_users_terminal_colours_count()
    vim.g.terminal_color_3 = '#abcdef'
    s.eq({ { 'x', { fg = 0xabcdef } } }, looks('\27[33mx'))
    vim.g.terminal_color_3 = nil
  end
end
