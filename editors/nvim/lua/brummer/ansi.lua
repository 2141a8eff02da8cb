--- Colours of a line, as text and highlights. Everything but SGR (ECMA-48, "select
--- graphic rendition") has been taken out by the engine.
local M = {}

-- The 16 colours where a colour scheme has no terminal_color_N: those of xterm.
local basic = {
  [0] = '#000000',
  '#cd0000',
  '#00cd00',
  '#cdcd00',
  '#3b78ff',
  '#cd00cd',
  '#00cdcd',
  '#e5e5e5',
  '#7f7f7f',
  '#ff0000',
  '#00ff00',
  '#ffff00',
  '#5c5cff',
  '#ff00ff',
  '#00ffff',
  '#ffffff',
} -- stylua: ignore

-- Switches by code: which attribute, and what it becomes.
local switches = {
  [1] = { 'bold', true },
  [3] = { 'italic', true },
  [4] = { 'underline', true },
  [7] = { 'reverse', true },
  [9] = { 'strikethrough', true },
  [23] = { 'italic' },
  [24] = { 'underline' },
  [27] = { 'reverse' },
  [29] = { 'strikethrough' },
  [39] = { 'fg' },
  [49] = { 'bg' },
}

-- colour256 is a colour of the palette: 16 basic ones, a cube of 6 each, 24 greys.
local function colour256(n)
  if n < 16 then
    return n
  elseif n < 232 then
    n = n - 16
    local levels = { 0, 95, 135, 175, 215, 255 }
    return ('#%02x%02x%02x'):format(levels[math.floor(n / 36) + 1], levels[math.floor(n / 6) % 6 + 1], levels[n % 6 + 1])
  end
  local grey = 8 + (math.min(n, 255) - 232) * 10
  return ('#%02x%02x%02x'):format(grey, grey, grey)
end

-- extended reads what follows 38 or 48; it returns the colour and how many codes
-- it took.
local function extended(codes, i)
  if codes[i + 1] == 5 then
    return colour256(codes[i + 2] or 0), 2
  elseif codes[i + 1] == 2 then
    return ('#%02x%02x%02x'):format((codes[i + 2] or 0) % 256, (codes[i + 3] or 0) % 256, (codes[i + 4] or 0) % 256), 4
  end
  return nil, 0
end

local function apply(state, codes)
  local i = 1
  while i <= #codes do
    local c = codes[i]
    local switch = switches[c]
    if c == 0 then
      for k in pairs(state) do
        state[k] = nil
      end
    elseif switch then
      state[switch[1]] = switch[2]
    elseif c == 2 then
      state.dim = true
    elseif c == 22 then
      state.bold, state.dim = nil, nil
    elseif c >= 30 and c <= 37 then
      state.fg = c - 30
    elseif c >= 40 and c <= 47 then
      state.bg = c - 40
    elseif c >= 90 and c <= 97 then
      state.fg = c - 82
    elseif c >= 100 and c <= 107 then
      state.bg = c - 92
    elseif c == 38 or c == 48 then
      local colour, took = extended(codes, i)
      state[c == 38 and 'fg' or 'bg'] = colour
      i = i + took
    end
    i = i + 1
  end
end

local function rgb(colour)
  if type(colour) == 'number' then
    return vim.g['terminal_color_' .. colour] or basic[colour]
  end
  return colour
end

local order = { 'bold', 'dim', 'italic', 'underline', 'reverse', 'strikethrough' }
local made = {}

local function definition(state)
  if state.dim and not state.fg then
    return { link = 'Comment', default = true } -- there is no half of an unknown colour
  end
  local def = { fg = rgb(state.fg), bg = rgb(state.bg), default = true }
  def.ctermfg = type(state.fg) == 'number' and state.fg or nil
  def.ctermbg = type(state.bg) == 'number' and state.bg or nil
  for _, attribute in ipairs(order) do
    if attribute ~= 'dim' then
      def[attribute] = state[attribute]
    end
  end
  return def
end

-- group is the highlight group of a state, made when it is first seen: the user's
-- terminal colours are what `:terminal` has, too.
local function group(state)
  if next(state) == nil then
    return nil
  end
  local key = (state.fg or '') .. '_' .. (state.bg or '')
  for _, name in ipairs(order) do
    key = key .. (state[name] and '_' .. name or '')
  end
  if made[key] then
    return made[key]
  end
  local name = 'BrummerAnsi' .. key:gsub('[^%w_]', ''):gsub('_+$', '')
  vim.api.nvim_set_hl(0, name, definition(state))
  made[key] = name
  return name
end

local function numbers(params)
  local codes = {}
  for code in (params .. ';'):gmatch('(%d*)[;:]') do
    codes[#codes + 1] = tonumber(code) or 0
  end
  return codes
end

--- The text without its colours.
---@param line string
---@return string
function M.strip(line)
  return (line:gsub('\27%[[%d;:]*m', ''))
end

--- What is coloured in a line: first byte, the byte behind the last one, group; in
--- bytes of the text without its colours.
---@param line string
---@return [integer, integer, string][]
function M.highlights(line)
  local out, state, at, length = {}, {}, 1, 0
  while true do
    local start, stop, params = line:find('\27%[([%d;:]*)m', at)
    local piece = (start or #line + 1) - at
    local name = piece > 0 and group(state)
    if name then
      out[#out + 1] = { length, length + piece, name }
    end
    length = length + piece
    if not start then
      return out
    end
    apply(state, numbers(params))
    at = stop + 1
  end
end

-- A colour scheme clears groups.
vim.api.nvim_create_autocmd('ColorScheme', {
  group = vim.api.nvim_create_augroup('brummer.ansi', {}),
  callback = function()
    made = {}
  end,
})

return M
