--- A word for the statusline, from what has been told. It never asks the engine.
local M = {}

--- '' when nothing is known, else how many run and have failed, and what problems
--- there are: ▶2 ✗1 E3 W1.
---@return string
function M.text()
  local state = package.loaded['brummer.state']
  if not state then
    return ''
  end
  local running, failed = 0, 0
  for _, p in pairs(state.processes) do
    running = running + (p.state == 'running' and 1 or 0)
    failed = failed + (p.state == 'failed' and 1 or 0)
  end
  local words = {}
  for _, w in ipairs({
    { running, '▶%d' },
    { failed, '✗%d' },
    { state.counts.errors or 0, 'E%d' },
    { state.counts.warnings or 0, 'W%d' },
  }) do
    if w[1] > 0 then
      words[#words + 1] = w[2]:format(w[1])
    end
  end
  return table.concat(words, ' ')
end

return M
