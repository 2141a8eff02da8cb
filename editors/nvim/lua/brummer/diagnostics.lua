--- Problems that the output tells of, as diagnostics in files. The engine sends the
--- whole set of a file each time; they are here until it takes them back.
local M = { namespace = vim.api.nvim_create_namespace('brummer') }

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

-- buffer finds the buffer of a file; one that is not loaded is made for
-- diagnostics alone: vim.diagnostic lists it all the same.
local function buffer(uri, make)
  local pattern = '^' .. vim.fn.escape(vim.uri_to_fname(uri), '[]*?{}\\') .. '$'
  local bufnr = vim.fn.bufnr(pattern)
  if bufnr == -1 and make then
    return vim.uri_to_bufnr(uri)
  end
  return bufnr ~= -1 and bufnr or nil
end

--- Takes the whole set of a file.
---@param p brummer.PublishDiagnosticsParams
function M.publish(p)
  if not require('brummer.config').get().diagnostics then
    return
  end
  local some = #p.diagnostics > 0
  local bufnr = buffer(p.uri, some)
  if bufnr then
    vim.diagnostic.set(M.namespace, bufnr, vim.tbl_map(to_vim, p.diagnostics))
  end
end

--- Takes all of them back.
function M.clear()
  vim.diagnostic.reset(M.namespace)
end

return M
