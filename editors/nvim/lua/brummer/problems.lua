--- Problems that the output tells of: diagnostics in files, and the quickfix list.
local client = require('brummer.client')
local config = require('brummer.config')

local M = { namespace = vim.api.nvim_create_namespace('brummer') }

--- By uri, for files that are not open yet.
local published = {}

local function to_vim(diagnostic)
  local range = diagnostic.range
  return {
    lnum = range.start.line,
    col = range.start.character,
    end_lnum = range['end'].line,
    end_col = range['end'].character,
    severity = diagnostic.severity,
    message = diagnostic.message,
    source = diagnostic.source,
    code = diagnostic.code,
    user_data = diagnostic.data,
  }
end

local function show(uri, bufnr)
  vim.diagnostic.set(M.namespace, bufnr, vim.tbl_map(to_vim, published[uri] or {}))
end

--- Takes the whole set of a file.
---@param p { uri: string, diagnostics: table[] }
function M.publish(p)
  if not config.get().diagnostics then
    return
  end
  published[p.uri] = #p.diagnostics > 0 and p.diagnostics or nil
  local name = vim.uri_to_fname(p.uri)
  local bufnr = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?{}\\') .. '$')
  if bufnr == -1 and #p.diagnostics > 0 then
    bufnr = vim.uri_to_bufnr(p.uri) -- not loaded: vim.diagnostic lists it all the same
  end
  if bufnr ~= -1 then
    show(p.uri, bufnr)
  end
end

function M.clear()
  published = {}
  vim.diagnostic.reset(M.namespace)
end

local letters = { error = 'E', warning = 'W', info = 'I', hint = 'N' }

--- Puts the problems that hold now into the quickfix list.
---@param process? string
---@param open boolean
function M.quickfix(process, open)
  client.call('problems/list', { process = process, limit = 1000 }, function(err, list)
    if err then
      return vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
    end
    local items = {}
    for _, p in ipairs(list.problems) do
      items[#items + 1] = {
        filename = p.location.file,
        lnum = p.location.line + 1,
        col = p.location.character + 1,
        type = letters[p.severity],
        text = p.message,
        module = nil,
      }
    end
    vim.fn.setqflist({}, ' ', { title = 'brummer problems', items = items })
    if open then
      vim.cmd(#items > 0 and 'copen' or 'cclose')
      if #items == 0 then
        vim.notify('no problems', vim.log.levels.INFO, { title = 'brummer' })
      end
    end
  end)
end

--- Puts the tests into the quickfix list: those that failed, with what they say;
--- all of them with every.
---@param process? string
---@param every boolean
function M.tests(process, every)
  client.call('tests/list', { process = process, status = not every and 'failed' or nil, limit = 1000 }, function(err, list)
    if err then
      return vim.notify(err.message, vim.log.levels.ERROR, { title = 'brummer' })
    end
    local items = {}
    for _, case in ipairs(list.cases) do
      local at = case.location
      items[#items + 1] = {
        filename = at and at.file,
        lnum = at and at.line + 1,
        col = at and at.character + 1,
        type = case.status == 'failed' and 'E' or 'I',
        text = ('%s: %s'):format(case.status, case.name),
      }
      for line in (case.message or ''):gmatch('[^\n]+') do
        items[#items + 1] = { text = '    ' .. line }
      end
    end
    local s = list.summary
    vim.fn.setqflist({}, ' ', { title = ('brummer tests: %d passed, %d failed'):format(s.passed, s.failed), items = items })
    if #items > 0 then
      vim.cmd('copen')
    else
      vim.notify(('%d passed, %d failed'):format(s.passed, s.failed), vim.log.levels.INFO, { title = 'brummer' })
    end
  end)
end

return M
