--- The list buffer: what runs and what can be run, live, with keys to act on the
--- line under the cursor.
local client = require('brummer.client')

local M = {}

local namespace = vim.api.nvim_create_namespace('brummer.list')
local name = 'brummer://processes'
local rows = {} -- by line: { process = id } or { script = id }
local scripts = {}

local state_groups = {
  running = 'DiagnosticOk',
  starting = 'DiagnosticWarn',
  stopping = 'DiagnosticWarn',
  pending = 'DiagnosticWarn',
  backoff = 'DiagnosticWarn',
  failed = 'DiagnosticError',
  exited = 'Comment',
  stopped = 'Comment',
}

-- What there is to say of a process besides its state.
local function remark(p)
  if p.blockedBy and #p.blockedBy > 0 then
    return 'waits for ' .. table.concat(p.blockedBy, ', ')
  elseif p.state == 'failed' then
    return p.reason or p.signal or ('exit code ' .. tostring(p.exitCode))
  elseif p.urls and p.urls[1] then
    return p.urls[1]
  end
  return ''
end

local function problems(p)
  local e, w = p.problems.errors, p.problems.warnings
  return e + w == 0 and '' or ('%dE %dW'):format(e, w)
end

local function width(cells, column)
  local most = 0
  for _, row in ipairs(cells) do
    most = math.max(most, vim.fn.strdisplaywidth(row[column]))
  end
  return most
end

-- render writes the buffer anew; it is a screenful.
local function render(bufnr)
  local cells, groups = {}, {}
  rows = {}
  for _, id in ipairs(client.order) do
    local p = client.processes[id]
    cells[#cells + 1] = { p.id, p.state .. (p.state == 'running' and not p.ready and ' (not ready)' or ''), problems(p), remark(p) }
    groups[#cells] = state_groups[p.state]
    rows[#cells] = { process = p.id }
  end
  for _, s in ipairs(scripts) do
    cells[#cells + 1] = { s.id, '', '', s.command }
    groups[#cells] = 'Comment'
    rows[#cells] = { script = s.id }
  end
  local w1, w2, w3 = width(cells, 1), width(cells, 2), width(cells, 3)
  local lines = {}
  for i, c in ipairs(cells) do
    local function pad(text, to)
      return text .. (' '):rep(to - vim.fn.strdisplaywidth(text) + 2)
    end
    lines[i] = (pad(c[1], w1) .. pad(c[2], w2) .. (w3 > 0 and pad(c[3], w3) or '') .. c[4]):gsub('%s+$', ''):gsub('\n', ' ')
  end
  if #lines == 0 then
    lines = { 'Nothing runs, and nothing was found that could. :Brummer start COMMAND' }
  end
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  for i, group in pairs(groups) do
    if rows[i].process then
      local from = #cells[i][1]
      vim.api.nvim_buf_set_extmark(bufnr, namespace, i - 1, 0, { end_col = from, hl_group = 'Identifier' })
      vim.api.nvim_buf_set_extmark(bufnr, namespace, i - 1, from, { end_col = math.min(#lines[i], w1 + 2 + w2), hl_group = group })
    else
      vim.api.nvim_buf_set_extmark(bufnr, namespace, i - 1, 0, { end_row = i, hl_group = group })
    end
  end
end

local function current()
  return rows[vim.api.nvim_win_get_cursor(0)[1]] or {}
end

local function act(verb)
  return function()
    local row = current()
    local brummer = require('brummer')
    if verb == 'start' then
      brummer.start(row.script or row.process)
    elseif row.process then
      brummer[verb](row.process)
    end
  end
end

local help = {
  'brummer: keys',
  '',
  '  s      start          x  stop        r  restart',
  '  <CR>   show the log   o  open the first address',
  '  p      its problems, to the quickfix list',
  '  R      look for scripts again',
  '  q      close',
}

local function keys(bufnr)
  local function map(lhs, rhs, desc)
    vim.keymap.set('n', lhs, rhs, { buffer = bufnr, nowait = true, desc = desc })
  end
  map('s', act('start'), 'start')
  map('x', act('stop'), 'stop')
  map('r', act('restart'), 'restart')
  map('<CR>', act('log'), 'show the log')
  map('o', act('open'), 'open the first address')
  map('p', function()
    require('brummer.problems').quickfix(current().process, true)
  end, 'its problems')
  map('R', function()
    M.refresh(bufnr)
  end, 'look for scripts again')
  map('q', '<Cmd>close<CR>', 'close')
  map('g?', function()
    vim.api.nvim_echo({ { table.concat(help, '\n') } }, false, {})
  end, 'help')
end

--- Asks for the scripts, and draws.
function M.refresh(bufnr)
  client.call('project/scripts', nil, function(err, list)
    if err then
      return vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
    end
    scripts = list.scripts
    if vim.api.nvim_buf_is_valid(bufnr) then
      render(bufnr)
    end
  end)
end

local function create()
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, name)
  vim.bo[bufnr].bufhidden = 'hide'
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = 'brummer'
  keys(bufnr)
  vim.api.nvim_create_autocmd('User', {
    pattern = 'BrummerProcessChanged',
    callback = function()
      if not vim.api.nvim_buf_is_valid(bufnr) then
        return true -- ends this autocommand
      end
      render(bufnr)
    end,
  })
  return bufnr
end

--- Shows the list in a split below, or goes to it.
function M.open()
  local bufnr = vim.fn.bufnr(name)
  if bufnr == -1 then
    bufnr = create()
  end
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('botright 12split')
    vim.api.nvim_win_set_buf(0, bufnr)
    vim.wo.winbar = 'brummer  %#Comment#s start  x stop  r restart  <CR> log  o open  p problems  g? help'
    vim.wo.number, vim.wo.relativenumber, vim.wo.wrap, vim.wo.cursorline = false, false, false, true
  end
  M.refresh(bufnr)
end

return M
