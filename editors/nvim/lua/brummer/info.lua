--- What is known of this session, or of a process, on a card.
local client = require('brummer.client')
local window = require('brummer.window')

local M = {}

local function duration(ms)
  local s = math.floor(ms / 1000)
  if s < 60 then
    return s .. ' s'
  elseif s < 3600 then
    return ('%d min %d s'):format(s / 60, s % 60)
  end
  return ('%d h %d min'):format(s / 3600, s % 3600 / 60)
end

-- aligned makes lines of names and values; what has no value is left out.
local function aligned(pairs_)
  local lines = {}
  for _, p in ipairs(pairs_) do
    local value = p[2] ~= nil and tostring(p[2]) or ''
    if value ~= '' then
      lines[#lines + 1] = (' %-10s %s'):format(p[1], (value:gsub('\n', ' ')))
    end
  end
  return lines
end

local function time(ms)
  return ms and os.date('%Y-%m-%d %H:%M:%S', math.floor(ms / 1000))
end

--- Says what this session is connected to.
function M.session()
  client.ask('session/info', nil, function(i)
    local clients = {}
    for _, s in ipairs(i.sessions) do
      clients[#clients + 1] = s.client.name .. (s.self and ' (this)' or '')
    end
    window.card(
      'brummer-rpc ' .. i.version,
      aligned({
        { 'workspace', i.root },
        { 'engine', ('pid %d, up %s'):format(i.pid, duration(i.uptimeMs)) },
        { 'socket', i.socket },
        { 'clients', table.concat(clients, ', ') },
        { 'log', ('%d MiB at the most'):format(i.limits.logBudgetBytes / 1048576) },
      })
    )
  end)
end

--- Says all that is known of a process.
---@param id string
function M.process(id)
  client.ask('process/status', { id = id, usage = true }, function(p)
    local ended = p.exitedAt and (p.signal or ('exit code ' .. tostring(p.exitCode))) or nil
    window.card(
      p.id,
      aligned({
        { 'command', p.command },
        { 'folder', p.cwd },
        { 'from', p.source },
        { 'state', p.state .. (p.state == 'running' and not p.ready and ', not ready' or '') },
        { 'why', p.reason },
        { 'waits for', table.concat(p.blockedBy, ', ') },
        { 'pid', p.pid },
        { 'run', ('%d, %d restarts by itself'):format(p.run, p.restarts) },
        { 'started', time(p.startedAt) },
        { 'ended', p.exitedAt and ('%s, %s'):format(time(p.exitedAt), ended) },
        { 'serves', table.concat(p.urls, ' ') },
        { 'problems', ('%d errors, %d warnings'):format(p.problems.errors, p.problems.warnings) },
        { 'uses', p.rss and ('%.1f cores, %d MiB'):format(p.cpu or 0, p.rss / 1048576) },
      })
    )
  end)
end

--- Of a process, or of the session with nil.
---@param id? string
function M.show(id)
  if id then
    M.process(id)
  else
    M.session()
  end
end

return M
