--- Words to the user, all through `vim.notify` and with one title. Which process
--- deserves a word is decided in crashes.lua.
local M = {}

local function say(text, level)
  vim.notify(text, level, { title = 'brummer' })
end

---@param text string
function M.info(text)
  say(text, vim.log.levels.INFO)
end

---@param text string
function M.warn(text)
  say(text, vim.log.levels.WARN)
end

---@param text string
function M.error(text)
  say(text, vim.log.levels.ERROR)
end

--- Tells why a call has failed.
---@param err { message: string }
function M.failure(err)
  M.error(err.message)
end

return M
