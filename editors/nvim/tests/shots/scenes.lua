-- The pictures of docs/screenshots: tests/shots/take makes them. Each scene is a
-- Neovim with the plugin on a copy of examples/shop; its screen is written as HTML,
-- from which a browser makes the picture.
local s = dofile(os.getenv('BRUMMER_PLUGIN') .. '/tests/support.lua')
local Screen = dofile(s.plugin .. '/tests/screen.lua')
local out = os.getenv('BRUMMER_SHOTS')

local function escape(text)
  return (text:gsub('[&<>]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;' }))
end

local function hex(colour)
  return ('#%06x'):format(colour)
end

-- style is the CSS of a cell.
local function style(screen, id)
  local a = screen.attributes[id] or {}
  local fg, bg = a.foreground or screen.default.foreground, a.background or screen.default.background
  if a.reverse then
    fg, bg = bg, fg
  end
  local parts = { 'color:' .. hex(fg), 'background:' .. hex(bg) }
  parts[#parts + 1] = a.bold and 'font-weight:bold' or nil
  parts[#parts + 1] = a.italic and 'font-style:italic' or nil
  parts[#parts + 1] = (a.underline or a.undercurl) and 'text-decoration:underline' or nil
  return table.concat(parts, ';')
end

-- html writes the screen, cells of one look together, the cursor reversed.
local function html(screen)
  local lines = {}
  for r, row in ipairs(screen.rows) do
    local spans, text, look = {}, {}, nil
    local function close()
      if look then
        spans[#spans + 1] = ('<span style="%s">%s</span>'):format(look, escape(table.concat(text)))
      end
      text = {}
    end
    for c, cell in ipairs(row) do
      local now = style(screen, cell[2])
      if screen.cursor[1] == r and screen.cursor[2] == c then
        now = ('color:%s;background:%s'):format(hex(screen.default.background), hex(screen.default.foreground))
      end
      if now ~= look then
        close()
        look = now
      end
      text[#text + 1] = cell[1]
    end
    close()
    lines[r] = table.concat(spans)
  end
  return ([[<!doctype html><meta charset="utf-8"><body style="margin:0;background:%s">
<pre id="screen" style="display:inline-block;margin:0;padding:12px;font:14px/18px 'DejaVu Sans Mono',monospace">%s</pre>]]):format(
    hex(screen.default.background),
    table.concat(lines, '\n')
  )
end

local function shoot(screen, name)
  vim.wait(300, function() -- what is still under way; a picture may take its time
    return false
  end)
  vim.fn.writefile(vim.split(html(screen), '\n'), ('%s/nvim-%s.html'):format(out, name))
end

local screen = Screen.with_plugin(s, 112, 34, 'laststatus=2 noruler number signcolumn=yes')
screen:command('edit internal/price/broken.go')
screen:command('Brummer start procfile:web')
screen:command('Brummer start procfile:worker')
screen:command('Brummer start make:build-broken')
screen:command('Brummer list')
screen:find('make build-broken')
screen:wait('all has happened', function(lines)
  local text = table.concat(lines, '\n')
  return text:find('web +● running') and text:find('✗ failed +%d%d:%d%d +%d+E') and text:find('http://')
end)
shoot(screen, 'list')

screen:lua([[vim.fn.search('^  worker')]])
screen:keys('K')
screen:find('╭ worker')
screen:find('job')
shoot(screen, 'peek')
screen:keys('j')

screen:command('Brummer! list')
screen:command('Brummer logs ++height=22')
screen:wait('some lines', function(lines)
  return table.concat(lines, '\n'):find('gave up') ~= nil
end)
shoot(screen, 'logs')
screen:command('close')

screen:command('Brummer search ++process=worker ++context=2 done')
screen:find('search done')
screen:keys('<CR>')
screen:command('wincmd p')
shoot(screen, 'search')
screen:command('cclose')
screen:command('edit internal/price/broken.go')

screen:command('Brummer start make:test-failing')
screen:wait('the tests have run', function()
  return screen:lua([[local p = require('brummer').process('test-failing') return p ~= nil and p.state == 'failed']])
end)
screen:command('Brummer tests')
screen:find('failed: ')
shoot(screen, 'tests')
screen:command('cclose')

screen:command('Brummer list')
screen:keys('g?')
screen:find('╭ Processes')
shoot(screen, 'keys')
screen:quit()
