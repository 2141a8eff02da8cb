--- A word for the statusline, from what the client has been told.
local M = {}

---@return string
function M.text()
  local client = package.loaded['brummer.client']
  if not client or not client.connected() then
    return ''
  end
  local running, failed = 0, 0
  for _, p in pairs(client.processes) do
    if p.state == 'running' then
      running = running + 1
    elseif p.state == 'failed' then
      failed = failed + 1
    end
  end
  local words = {}
  for _, w in ipairs({
    { running, '▶%d' },
    { failed, '✗%d' },
    { client.counts.errors or 0, 'E%d' },
    { client.counts.warnings or 0, 'W%d' },
  }) do
    if w[1] > 0 then
      words[#words + 1] = w[2]:format(w[1])
    end
  end
  return table.concat(words, ' ')
end

return M
