--- The requests that went through a proxy: choose one, and see all of it.
local client = require('brummer.client')
local window = require('brummer.window')

local M = {}

local function headers(out, name, list)
  out[#out + 1] = name
  for _, line in ipairs(list or {}) do
    out[#out + 1] = ('  %s: %s'):format(line.name, line.value)
  end
end

local function body(out, name, b)
  if not b then
    return
  end
  out[#out + 1] = ('%s, %d bytes'):format(name, b.size)
  local text = b.base64 and '(no text)' or b.text ~= '' and b.text or b.missing or ''
  for line in (text .. '\n'):gmatch('(.-)\r?\n') do
    out[#out + 1] = '  ' .. line
  end
  if b.truncated then
    out[#out + 1] = '  …'
  end
end

local function timings(t)
  local words = {}
  for _, part in ipairs({ 'dns', 'connect', 'tls', 'ttfb', 'total' }) do
    if t[part] then
      words[#words + 1] = ('%s %.1f ms'):format(part, t[part])
    end
  end
  return table.concat(words, ', ')
end

--- One line about a request.
---@param r brummer.Request
---@return string
function M.line(r)
  local status = r.failure and r.failure.stage .. ' failed' or r.status or 'pending'
  local ms = r.timings.total and ('%.0f ms'):format(r.timings.total) or ''
  return ('%s  %-6s %-4s %8s  %s'):format(os.date('%H:%M:%S', math.floor(r.t / 1000)), r.method, status, ms, r.url)
end

local function lines_of(d)
  local out = { M.line(d.request), timings(d.request.timings) }
  if d.request.failure then
    out[#out + 1] = d.request.failure.text
  end
  headers(out, 'Request', d.requestHeader)
  body(out, 'Body', d.requestBody)
  headers(out, 'Answer', d.responseHeader)
  body(out, 'Body', d.responseBody)
  return out
end

--- Shows a request, with y to yank it as a command for a shell and r to send it
--- again.
---@param id string
function M.show(id)
  client.ask('proxy/request', { id = id, bodies = true }, function(d)
    local bufnr = window.card('request ' .. id .. ' · y yank as curl · r send again', lines_of(d))
    vim.keymap.set('n', 'y', function()
      client.ask('proxy/curl', { id = id }, function(c)
        vim.fn.setreg('"', c.command)
        require('brummer.tell').info('yanked: ' .. c.command)
      end)
    end, { buffer = bufnr, nowait = true, desc = 'yank as curl' })
    vim.keymap.set('n', 'r', function()
      client.ask('proxy/replay', { id = id }, function(r)
        require('brummer.tell').info(M.line(r))
      end)
    end, { buffer = bufnr, nowait = true, desc = 'send again' })
  end)
end

return M
