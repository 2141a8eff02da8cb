--- ANSI colours of a line, as text and highlights. Everything but SGR has been
--- taken out by the engine.
local M = {}

local names = { 'Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White' }

--- The group of a colour and a weight, made when it is first seen. The user's
--- terminal colours are what `:terminal` has, too.
local made = {}
local function group(state)
  local key = (state.fg or '') .. (state.bold and 'Bold' or '') .. (state.underline and 'Underline' or '')
  if key == '' then
    return nil
  end
  local name = 'BrummerAnsi' .. key:gsub('[^%w]', '_')
  if not made[name] then
    made[name] = true
    local fg = state.fg
    if fg and tonumber(fg) then
      fg = vim.g['terminal_color_' .. fg] or nil
    end
    local def = { bold = state.bold, underline = state.underline, default = true }
    if state.fg then
      def.fg = fg or names[(tonumber(state.fg) or 0) % 8 + 1]
      def.ctermfg = tonumber(state.fg)
    end
    vim.api.nvim_set_hl(0, name, def)
  end
  return name
end

local function apply(state, codes)
  local i = 1
  while i <= #codes do
    local c = codes[i]
    if c == 0 then
      state.fg, state.bold, state.underline = nil, nil, nil
    elseif c == 1 then
      state.bold = true
    elseif c == 4 then
      state.underline = true
    elseif c == 22 then
      state.bold = nil
    elseif c == 24 then
      state.underline = nil
    elseif c >= 30 and c <= 37 then
      state.fg = tostring(c - 30)
    elseif c >= 90 and c <= 97 then
      state.fg = tostring(c - 82)
    elseif c == 39 then
      state.fg = nil
    elseif c == 38 and codes[i + 1] == 5 then
      local n = codes[i + 2] or 0
      state.fg = n < 16 and tostring(n) or state.fg
      i = i + 2
    elseif c == 38 and codes[i + 1] == 2 then
      state.fg = ('#%02x%02x%02x'):format(codes[i + 2] or 0, codes[i + 3] or 0, codes[i + 4] or 0)
      i = i + 4
    elseif c == 48 and codes[i + 1] == 5 then
      i = i + 2
    elseif c == 48 and codes[i + 1] == 2 then
      i = i + 4
    end
    i = i + 1
  end
end

---@param line string
---@return string text
---@return { [1]: integer, [2]: integer, [3]: string }[] highlights: first byte, last byte + 1, group
function M.parse(line)
  if not line:find('\27', 1, true) then
    return line, {}
  end
  local text, highlights, state = {}, {}, {}
  local at, length = 1, 0
  while true do
    local start, stop, params = line:find('\27%[([%d;:]*)m', at)
    local piece = line:sub(at, (start or 0) - 1)
    if piece ~= '' then
      local name = group(state)
      if name then
        highlights[#highlights + 1] = { length, length + #piece, name }
      end
      text[#text + 1], length = piece, length + #piece
    end
    if not start then
      break
    end
    local codes = {}
    for code in (params .. ';'):gmatch('(%d*)[;:]') do
      codes[#codes + 1] = tonumber(code) or 0
    end
    apply(state, codes)
    at = stop + 1
  end
  return table.concat(text), highlights
end

-- A colour scheme clears groups.
vim.api.nvim_create_autocmd('ColorScheme', {
  callback = function()
    made = {}
  end,
})

return M
