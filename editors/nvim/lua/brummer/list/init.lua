--- The list buffer: what runs and what can be run, live. Its rows are made in
--- list/rows.lua, its keys in list/keys.lua.
local client = require('brummer.client')
local config = require('brummer.config')
local rows_of = require('brummer.list.rows')
local window = require('brummer.window')

local M = {}

local namespace = vim.api.nvim_create_namespace('brummer.list')
local name = 'brummer://processes'

local rows = {} ---@type brummer.ListRow[] by line
local scripts = {} ---@type brummer.Script[]
local mistakes = {} ---@type brummer.ScriptProblem[]

--- What stands in a line; an empty row if nothing does.
---@param lnum integer
---@return brummer.ListRow
function M.row(lnum)
  return rows[lnum] or { text = '', marks = {} }
end

--- The rows from a line to another.
---@param first integer
---@param last integer
---@return brummer.ListRow[]
function M.rows(first, last)
  return vim.list_slice(rows, first, last)
end

---@param id? string
---@return brummer.Script?
function M.script(id)
  for _, s in ipairs(scripts) do
    if s.id == id then
      return s
    end
  end
end

-- write puts rows into the buffer. Only lines that differ are touched, so that
-- folds stay as the user has them.
local function write(bufnr, new)
  local old = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  local first, last_old, last_new = 1, #old, #new
  while first <= last_old and first <= last_new and old[first] == new[first].text do
    first = first + 1
  end
  while last_old >= first and last_new >= first and old[last_old] == new[last_new].text do
    last_old, last_new = last_old - 1, last_new - 1
  end
  local texts = {}
  for i = first, last_new do
    texts[#texts + 1] = new[i].text
  end
  vim.bo[bufnr].modifiable = true
  if last_old - first == last_new - first then
    for i, text in ipairs(texts) do
      vim.api.nvim_buf_set_lines(bufnr, first + i - 2, first + i - 1, false, { text })
    end
  else
    vim.api.nvim_buf_set_lines(bufnr, first - 1, last_old, false, texts)
  end
  vim.bo[bufnr].modifiable = false
end

local function colour(bufnr)
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  for i, row in ipairs(rows) do
    for _, m in ipairs(row.marks) do
      vim.api.nvim_buf_set_extmark(bufnr, namespace, i - 1, m[1], { end_col = math.min(m[2], #row.text), hl_group = m[3], strict = false })
    end
  end
end

-- render draws the list; it is a screenful.
local function render(bufnr)
  local new = rows_of.all(scripts, mistakes, client.root or '')
  rows = new -- before the lines are set: folds are computed with them
  write(bufnr, new)
  colour(bufnr)
end

--- The level of a line's fold: a heading begins one.
---@return string|integer
function M.fold()
  return M.row(vim.v.lnum).group and '>1' or 1
end

--- Asks for the scripts, and draws.
function M.refresh()
  client.ask('project/scripts', nil, function(list)
    scripts, mistakes = list.scripts, list.problems
    local bufnr = vim.fn.bufnr(name)
    if bufnr ~= -1 then
      render(bufnr)
    end
  end)
end

-- watch draws the list when something has changed, if anybody sees it.
local function watch(bufnr)
  local function seen()
    return #vim.fn.win_findbuf(bufnr) > 0
  end
  vim.api.nvim_create_autocmd('BufWinEnter', {
    buffer = bufnr,
    callback = function()
      render(bufnr)
    end,
  })
  local function on(pattern, callback)
    vim.api.nvim_create_autocmd('User', {
      pattern = pattern,
      callback = function()
        if not vim.api.nvim_buf_is_valid(bufnr) then
          return true -- ends this autocommand
        end
        if seen() then
          callback()
        end
      end,
    })
  end
  on({ 'BrummerProcessChanged', 'BrummerProblems', 'BrummerUrls' }, function()
    render(bufnr)
  end)
  on({ 'BrummerProjectChanged', 'BrummerConnected' }, M.refresh)
end

local function create()
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, name)
  vim.bo[bufnr].bufhidden = 'hide'
  vim.bo[bufnr].filetype = 'brummer' -- its ftplugin makes the maps
  watch(bufnr)
  return bufnr
end

--- What the winbar says; Neovim asks with every redraw.
---@return string
function M.winbar()
  local folder = vim.fn.fnamemodify(client.root or '', ':~'):gsub('%%', '%%%%')
  local word = require('brummer.statusline').text():gsub('%%', '%%%%')
  return (' %%#Title#brummer%%*  %s  %%=%s  %%#Comment#g? help%%* '):format(folder, word)
end

--- Shows the list in a split below, or goes to it.
---@param where? brummer.Where
function M.open(where)
  local bufnr = vim.fn.bufnr(name)
  if bufnr == -1 then
    bufnr = create()
  end
  local win = window.show(bufnr, vim.tbl_extend('keep', where or {}, { height = config.get().list.height }))
  window.dress(win, {
    cursorline = true,
    winbar = "%{%v:lua.require'brummer.list'.winbar()%}",
    foldmethod = 'expr',
    foldexpr = "v:lua.require'brummer.list'.fold()",
    foldtext = '',
    foldlevel = 1,
    foldcolumn = '1',
    foldenable = true,
    fillchars = 'foldopen:▾,foldclose:▸,foldsep: ,fold: ,eob: ',
  })
  render(bufnr)
  if vim.api.nvim_win_get_cursor(win)[1] == 1 and #rows > 1 then
    vim.api.nvim_win_set_cursor(win, { 2, 0 }) -- the first one, not the heading
  end
  M.refresh()
end

--- Closes the windows that show the list.
---@return boolean closed whether there was one
function M.close()
  local windows = vim.fn.win_findbuf(vim.fn.bufnr(name))
  for _, w in ipairs(windows) do
    pcall(vim.api.nvim_win_close, w, false)
  end
  return #windows > 0
end

return M
