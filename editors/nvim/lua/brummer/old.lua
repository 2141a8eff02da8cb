--- What there is of the plugin in a Neovim that is too old for it: whatever function
--- of it is called says so, in one sentence. This runs where Lua runs at all, so it
--- uses nothing that came later.
local version = vim.fn.matchstr(vim.fn.execute('version'), 'NVIM v\\zs[0-9.]\\+')
local text = 'brummer needs Neovim 0.10 or newer, and this is ' .. version

local function tell()
  vim.notify(text, vim.log.levels.WARN) -- as an error Neovim would say where it comes from, too
end

return setmetatable({ text = text }, {
  __index = function()
    return tell
  end,
})
