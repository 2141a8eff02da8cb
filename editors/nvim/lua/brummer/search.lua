--- Search in the engine's logs. The hits go to the quickfix or location list, and
--- each leads into a buffer that has them with the lines around: what was printed
--- has no other place to go to.
local client = require('brummer.client')
local filters = require('brummer.log.filter')
local quickfix = require('brummer.quickfix')

local M = {}

local namespace = vim.api.nvim_create_namespace('brummer.search')
local letters = { error = 'E', fatal = 'E', warn = 'W' }

---@class brummer.SearchOptions: brummer.QuickfixOptions
---@field regexp? boolean
---@field case? boolean with capital letters as they are; default: if there is one
---@field word? boolean whole words
---@field filter? brummer.LogFilter
---@field limit? integer hits; default 500
---@field context? integer lines around each hit; default 3
---@field oldest? boolean the oldest first

local function params_of(query, opts)
  return {
    query = query,
    regexp = opts.regexp,
    caseSensitive = opts.case,
    wholeWord = opts.word,
    filter = opts.filter and filters.wire(opts.filter),
    order = opts.oldest and 'oldest' or nil,
    limit = opts.limit or 500,
    context = opts.context or 3,
  }
end

local function label(line)
  return ('%s %s │ '):format(os.date('%H:%M:%S', math.floor(line.t / 1000)), line.process)
end

-- lay puts hits with their surroundings into lines; lines that two hits share are
-- there once, as far as they follow each other.
local function lay(hits)
  local texts, items, marks, seen = {}, {}, {}, {}
  local function add(line)
    if not seen[line.seq] then
      texts[#texts + 1] = label(line) .. line.text:gsub('\n', ' ')
      seen[line.seq] = #texts
    end
    return seen[line.seq]
  end
  for _, hit in ipairs(hits) do
    local first = hit.before and hit.before[1] or hit.line
    if #texts > 0 and not seen[first.seq] then
      texts[#texts + 1] = '--'
    end
    for _, line in ipairs(hit.before or {}) do
      add(line)
    end
    local row = add(hit.line)
    local offset = #label(hit.line)
    for _, range in ipairs(hit.ranges) do
      marks[#marks + 1] = { row - 1, offset + range[1], offset + range[2] }
    end
    local from = hit.ranges[1]
    items[#items + 1] = { lnum = row, col = offset + (from and from[1] or 0) + 1, text = texts[row], type = letters[hit.line.level] }
    for _, line in ipairs(hit.after or {}) do
      add(line)
    end
  end
  return texts, items, marks
end

-- buffer makes the buffer of a search, or takes the one that a search for the same
-- has left.
local function buffer(query)
  local name = 'brummer://search/' .. query
  local bufnr = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?{}\\^$~.') .. '$')
  if bufnr == -1 then
    bufnr = vim.api.nvim_create_buf(true, true)
    vim.api.nvim_buf_set_name(bufnr, name)
    vim.bo[bufnr].bufhidden = 'hide'
    vim.bo[bufnr].filetype = 'brummerlog'
    local function jump()
      require('brummer.place').jump(vim.api.nvim_get_current_line():match('^%S+ (%S+) │'))
    end
    require('brummer.keys').map(bufnr, 'Search', {
      { '<CR>', 'go to the file:line in this line', jump },
      { 'gf', 'go to the file:line in this line', jump },
      { 'q', 'close', require('brummer.window').close },
    })
  end
  return bufnr
end

local function show(query, found, opts)
  local texts, items, marks = lay(found.hits)
  if #items > 0 then
    local bufnr = buffer(query)
    vim.bo[bufnr].modifiable = true
    vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, texts)
    vim.bo[bufnr].modifiable = false
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    for _, m in ipairs(marks) do
      vim.api.nvim_buf_set_extmark(bufnr, namespace, m[1], m[2], { end_col = m[3], hl_group = 'Search', strict = false })
    end
    for _, item in ipairs(items) do
      item.bufnr = bufnr
    end
  end
  quickfix.fill(
    ('search %s, %s%d %s'):format(query, found.more and 'the first ' or '', #items, #items == 1 and 'hit' or 'hits'),
    items,
    opts,
    'nothing found: ' .. query
  )
end

--- Searches for a text, and puts the hits into the quickfix list.
---@param query string
---@param opts? brummer.SearchOptions
function M.run(query, opts)
  opts = opts or {}
  local win = vim.api.nvim_get_current_win()
  client.ask('logs/search', params_of(query, opts), function(found)
    if vim.api.nvim_win_is_valid(win) and opts.loclist then
      vim.api.nvim_set_current_win(win)
    end
    show(query, found, opts)
  end)
end

return M
