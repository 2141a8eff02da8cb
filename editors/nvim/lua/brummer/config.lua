--- What a user can set, by `require('brummer').setup{}` or `vim.g.brummer`.
local M = {}

---@class brummer.Options
---@field command? string[] how the program is run
---@field root? string|fun(): string? the workspace; default: found from the present folder upwards
---@field list? brummer.ListOptions
---@field log? brummer.LogOptions
---@field peek? brummer.PeekOptions
---@field notify? boolean tell of processes that have crashed
---@field diagnostics? boolean show problems in files

---@class brummer.ListOptions
---@field height? integer of its window

---@class brummer.LogOptions
---@field lines? integer how many lines a log buffer holds
---@field page? integer how many are fetched at a time; 500 at the most
---@field height? integer of its window
---@field wrap? boolean

---@class brummer.PeekOptions
---@field height? integer of the floating window
---@field width? integer of the floating window, at the most

---@type brummer.Options
M.defaults = {
  command = { 'brummer-rpc' },
  root = nil,
  list = { height = 14 },
  log = { lines = 10000, page = 500, height = 15, wrap = false },
  peek = { height = 10, width = 100 },
  notify = true,
  diagnostics = true,
}

local given ---@type brummer.Options?
local effective ---@type brummer.Options?

-- mistakes collects what is wrong with a table, against one that is right.
local function mistakes(opts, right, prefix, out)
  for key, value in pairs(opts) do
    local name, want = prefix .. tostring(key), right[key]
    if want == nil then
      out[#out + 1] = name .. ': there is no such option'
    elseif type(value) ~= type(want) then
      out[#out + 1] = ('%s: a %s is wanted, not %s'):format(name, type(want), vim.inspect(value))
    elseif type(want) == 'table' and not vim.islist(want) then
      mistakes(value, want, name .. '.', out)
    end
  end
  return out
end

--- What is wrong with what was set; `:checkhealth` tells it.
---@return string[]
function M.mistakes()
  local out = {}
  for _, opts in ipairs({ vim.g.brummer or {}, given or {} }) do
    local checked = vim.tbl_extend('force', {}, opts)
    local root = checked.root
    checked.root = nil -- has no default to compare with
    if root ~= nil and type(root) ~= 'string' and type(root) ~= 'function' then
      out[#out + 1] = 'root: a folder, or a function that gives one, is wanted'
    end
    mistakes(checked, M.defaults, '', out)
  end
  table.sort(out)
  return out
end

---@param opts? brummer.Options
function M.set(opts)
  given, effective = opts or {}, nil
  local wrong = M.mistakes()
  if #wrong > 0 then
    require('brummer.tell').warn('setup: ' .. table.concat(wrong, '; '))
  end
end

--- The options as they count: what `setup` was given, else `vim.g.brummer` as it
--- was at the first use, else the defaults.
---@return brummer.Options
function M.get()
  if not effective then
    effective = vim.tbl_deep_extend('force', M.defaults, vim.g.brummer or {}, given or {})
  end
  return effective
end

return M
