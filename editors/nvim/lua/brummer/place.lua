--- Places that text names: file:line:column of a file that is there. What problems
--- are is known by the engine; this is for the line under a cursor.
local M = {}

---@class brummer.Place
---@field file string absolute
---@field line integer from 1
---@field column integer from 1

-- Names in a stack trace of Python: File "x.py", line 3
local patterns = { '()([%w%._%-/\\@+~]+):(%d+)()', '()File "([^"]+)", line (%d+)()' }

local function readable(file, folders)
  if file:sub(1, 1) == '/' then
    return vim.fn.filereadable(file) == 1 and file or nil
  end
  for _, folder in ipairs(folders) do
    local path = vim.fs.normalize(folder .. '/' .. file)
    if vim.fn.filereadable(path) == 1 then
      return path
    end
  end
end

--- The place under the cursor, else the first one in the line.
---@param text string
---@param cursor integer bytes before it
---@param folders string[] that relative names may be relative to, the likeliest first
---@return brummer.Place?
function M.find(text, cursor, folders)
  local first
  for _, pattern in ipairs(patterns) do
    for start, file, line, rest in text:gmatch(pattern) do
      local path = readable(file, folders)
      if path then
        local column = text:match('^:(%d+)', rest)
        local place = { file = path, line = tonumber(line), column = tonumber(column) or 1 }
        if cursor >= start - 1 and cursor < rest + #(column or '') then
          return place
        end
        first = first or place
      end
    end
  end
  return first
end

--- The folders that names in a process's output are relative to.
---@param id? string
---@return string[]
function M.folders(id)
  local process = require('brummer.state').processes[id or '']
  local root = require('brummer.client').root
  return process and { process.cwd, root } or { root }
end

-- A window for a file: the last one, unless it shows something of ours.
local function editing()
  local window = vim.fn.win_getid(vim.fn.winnr('#'))
  for _, w in ipairs(vim.list_extend({ window }, vim.api.nvim_tabpage_list_wins(0))) do
    if w ~= 0 and vim.bo[vim.api.nvim_win_get_buf(w)].buftype == '' and vim.api.nvim_win_get_config(w).relative == '' then
      return w
    end
  end
end

--- Goes to a place, in a window that has a file.
---@param place brummer.Place
function M.go(place)
  local window = editing()
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('topleft new')
  end
  vim.cmd("normal! m'")
  vim.cmd.edit(vim.fn.fnameescape(place.file))
  local last = vim.api.nvim_buf_line_count(0)
  vim.api.nvim_win_set_cursor(0, { math.min(place.line, last), math.max(place.column - 1, 0) })
end

--- Goes to the place in the line under the cursor, or says that there is none.
---@param id? string the process whose output the line is
function M.jump(id)
  local place = M.find(vim.api.nvim_get_current_line(), vim.api.nvim_win_get_cursor(0)[2], M.folders(id))
  if place then
    M.go(place)
  else
    require('brummer.tell').info('no file:line of this machine in this line')
  end
end

return M
