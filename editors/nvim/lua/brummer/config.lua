--- What a user can set, by `require('brummer').setup{}` or `vim.g.brummer`.
local M = {}

---@class brummer.Config
---@field command? string[] how the program is run
---@field root? string|fun(): string the workspace; default: found from the present folder upwards
---@field log? brummer.LogConfig
---@field notify? boolean tell of processes that failed
---@field diagnostics? boolean show problems in files

---@class brummer.LogConfig
---@field lines? integer how many lines a log buffer holds
---@field page? integer how many are fetched at a time

---@type brummer.Config
local defaults = {
  command = { 'brummer-rpc' },
  log = { lines = 10000, page = 500 },
  notify = true,
  diagnostics = true,
}

local given = {}

---@param opts? brummer.Config
function M.set(opts)
  given = opts or {}
end

---@return brummer.Config
function M.get()
  return vim.tbl_deep_extend('force', defaults, vim.g.brummer or {}, given)
end

local marks = { 'brummer.toml', '.git', 'package.json', 'go.mod', 'Makefile', 'Procfile', 'Cargo.toml', 'pyproject.toml' }

--- The root of the workspace: the nearest folder upwards that has brummer.toml,
--- else .git, else a project's file, else the present folder.
---@return string
function M.root()
  local root = M.get().root
  if type(root) == 'function' then
    root = root()
  end
  if root then
    return vim.fn.fnamemodify(root, ':p'):gsub('(.)/$', '%1')
  end
  local cwd = vim.fn.getcwd()
  for _, group in ipairs({ { marks[1] }, { marks[2] }, vim.list_slice(marks, 3) }) do
    local found = vim.fs.find(group, { path = cwd, upward = true })[1]
    if found then
      return vim.fs.dirname(found)
    end
  end
  return cwd
end

return M
