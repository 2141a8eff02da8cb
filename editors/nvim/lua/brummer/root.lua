--- Which folder is the workspace. The program decides alike for a shell
--- (`brummer-rpc --help`), so that both meet at one engine.
local M = {}

local marks = {
  { 'brummer.toml' },
  { '.git' },
  { 'package.json', 'go.mod', 'Makefile', 'Procfile', 'Cargo.toml', 'pyproject.toml', 'deno.json', 'composer.json', 'Gemfile', 'justfile', 'Taskfile.yml' },
}

--- The nearest folder upwards that has brummer.toml, else .git, else a project's
--- file, else the present folder.
---@return string root absolute
---@return string why for people
function M.find()
  local root = require('brummer.config').get().root
  if type(root) == 'function' then
    root = root()
  end
  if root then
    root = vim.fn.fnamemodify(root, ':p'):gsub('(.)/$', '%1')
    return root, 'option root'
  end
  local cwd = vim.fn.getcwd()
  for _, names in ipairs(marks) do
    local found = vim.fs.find(names, { path = cwd, upward = true })[1]
    if found then
      return vim.fs.dirname(found), 'has ' .. vim.fs.basename(found)
    end
  end
  return cwd, 'the present folder'
end

return M
