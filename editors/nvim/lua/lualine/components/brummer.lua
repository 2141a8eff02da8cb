--- lualine finds a component of this name by itself: sections = { lualine_x = { 'brummer' } }
local component = require('lualine.component'):extend()

function component.update_status()
  return require('brummer.statusline').text()
end

return component
