--- The keys of the list: what they do to the row under the cursor, or to the rows
--- of a visual selection.
local M = {}

-- targets are the rows that a key is for.
local function targets()
  local list = require('brummer.list')
  if not vim.fn.mode():find('^[vV\22]') then
    return { list.row(vim.api.nvim_win_get_cursor(0)[1]) }
  end
  local first, last = vim.fn.line('v'), vim.fn.line('.')
  vim.api.nvim_feedkeys(vim.keycode('<Esc>'), 'n', false)
  return list.rows(math.min(first, last), math.max(first, last))
end

-- each makes a function that does something to the processes among the rows.
local function each(act)
  return function()
    local any, script = false, nil
    for _, row in ipairs(targets()) do
      if row.process then
        any = true
        act(row.process)
      end
      script = script or row.script
    end
    if not any and script then
      require('brummer.tell').info(script .. ' does not run: s starts it')
    elseif not any then
      require('brummer.tell').info('no process in this line')
    end
  end
end

local function start()
  for _, row in ipairs(targets()) do
    if row.script or row.process then
      require('brummer.process').start(row.script or row.process)
    end
  end
end

local function call(name)
  return function(id)
    require('brummer')[name](id)
  end
end

local function listed(name)
  return function(id)
    require('brummer')[name]({ process = id })
  end
end

-- open goes to what a row is about: the log of a process, the fold of a heading;
-- a script is started.
local function open()
  local row = require('brummer.list').row(vim.api.nvim_win_get_cursor(0)[1])
  if row.process then
    require('brummer').logs(row.process)
  elseif row.script then
    require('brummer.process').start(row.script)
  elseif row.place then
    require('brummer.place').go(row.place)
  elseif row.group then
    pcall(vim.cmd, 'normal! za')
  end
end

local function to_source()
  local list = require('brummer.list')
  local row = list.row(vim.api.nvim_win_get_cursor(0)[1])
  if row.place then
    return require('brummer.place').go(row.place)
  end
  local script = list.script(row.script)
  local file = script and vim.fs.normalize(require('brummer.client').root .. '/' .. script.source)
  if file and vim.fn.filereadable(file) == 1 then
    require('brummer.place').go({ file = file, line = script.line or 1, column = 1 })
  else
    require('brummer.tell').info('no script here that stands in a file')
  end
end

---@return brummer.Key[]
function M.of()
  local both = { 'n', 'x' }
  -- stylua: ignore
  return {
    { '<CR>', "a process's log; start a script; open or close a group", open },
    { 's', 'start', start, mode = both },
    { 'x', 'stop', each(call('stop')), mode = both },
    { 'r', 'restart', each(call('restart')), mode = both },
    { 'l', 'log', each(call('logs')) },
    { 'K', 'peek: the end of its log', each(call('peek')) },
    { 'o', 'open the address that it serves', each(call('open')) },
    { 'p', 'its problems, to the quickfix list', each(listed('problems')) },
    { 't', 'its tests that failed, to the quickfix list', each(listed('tests')) },
    { 'i', 'all that is known of it', each(call('info')) },
    { 'D', 'forget it and its log', each(call('remove')), mode = both },
    { 'gf', 'to the file that a script is from, or that has a mistake', to_source },
    { 'R', 'look for scripts again', function() require('brummer.list').refresh() end },
    { 'q', 'close', function() require('brummer.window').close() end },
  }
end

return M
