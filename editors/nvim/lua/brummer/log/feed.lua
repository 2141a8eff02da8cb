--- Fills the lines of a log buffer from the engine: the newest page, then what
--- comes, in batches; pages upwards and downwards while somebody reads there.
---
---     begin -> the newest page -> follow: take -> (a frame later) flush -> ack
---                                                   (a pause) <- time is up
---     older -> a page above; what no longer fits is taken away below, and then
---              newer -> pages below, until the end is reached and it follows again
---
--- A batch is acknowledged once it is drawn, so that Neovim's pace is the engine's:
--- there are never more than four batches here, and what is too fast becomes a gap,
--- which is said.
local client = require('brummer.client')
local config = require('brummer.config')
local entries = require('brummer.log.entries')
local filters = require('brummer.log.filter')
local tell = require('brummer.tell')

-- A frame: more often than that nobody sees it.
local flush_ms = 33

-- So long, in milliseconds, batches are drawn before keys have their turn. One batch
-- takes about one on an idle machine, and several where others want the processor.
local most_ms = 4

-- And so long they have it.
local pause_ms = 8

---@class brummer.LogAnchor a line that the engine can continue from, in both directions
---@field number integer of the line
---@field cursor string
---@field seq integer

---@class brummer.LogView
---@field followers fun(): integer[] the windows that stay at the end
---@field drawn fun(followers: integer[])

---@class brummer.LogFeed
---@field lines brummer.LogLines
---@field filter brummer.LogFilter
---@field begun boolean it has lines, or has asked for them
---@field live boolean it has what is newest, and follows
---@field private view brummer.LogView
---@field private asking boolean a question is under way
---@field private generation integer answers to what was asked before are dropped
---@field private subscription? string
---@field private queue brummer.LinesColumns[]
---@field private anchors brummer.LogAnchor[] in the order of their numbers
---@field private top? brummer.LogAnchor what is before it is older than the buffer
---@field private runs table<string, integer>
local Feed = {}
Feed.__index = Feed

---@param lines brummer.LogLines
---@param filter brummer.LogFilter
---@param view brummer.LogView
---@return brummer.LogFeed
function Feed.new(lines, filter, view)
  return setmetatable({ lines = lines, filter = filter, view = view, begun = false, live = false, generation = 0, queue = {}, anchors = {}, runs = {} }, Feed)
end

-- ask calls the engine, and drops an answer that is no longer wanted.
-- One question at a time: `asking` is set until the answer comes.
function Feed:ask(method, params, callback)
  local generation = self.generation
  self.asking = true
  params.filter, params.ansi = filters.wire(self.filter), true
  client.call(method, params, function(err, result)
    if generation ~= self.generation then
      return result and result.subscription and client.notify('logs/unsubscribe', { subscription = result.subscription })
    end
    self.asking = false
    if err then
      return tell.failure(err)
    end
    callback(result)
  end)
end

-- anchor keeps the last line as one to continue from.
function Feed:anchor(cursor, seq)
  local last = self.lines.base + self.lines.count - 1
  table.insert(self.anchors, { number = last, cursor = cursor, seq = seq })
end

--- Ends following; nothing is asked or drawn any more.
function Feed:stop()
  self.generation, self.begun, self.live, self.asking, self.queue = self.generation + 1, false, false, false, {}
  if self.subscription then
    client.subscriptions[self.subscription] = nil
    if client.connected() then
      client.call('logs/unsubscribe', { subscription = self.subscription })
    end
    self.subscription = nil
  end
end

--- Shows the newest page and follows from there.
---@param done? fun()
function Feed:begin(done)
  self:stop()
  self.begun, self.anchors, self.top, self.runs = true, {}, nil, {}
  self:ask('logs/query', { tail = config.get().log.page }, function(page)
    self.lines:reset()
    self.lines:append(entries.of_page(page, self.runs))
    local last = page.lines[#page.lines]
    if last then
      self:anchor(page.next, last.seq)
    end
    self.top = page.more and { cursor = page.prev } or nil
    self.view.drawn(vim.fn.win_findbuf(self.lines.bufnr))
    self:follow(page.next)
    if done then
      done()
    end
  end)
end

function Feed:follow(since)
  self:ask('logs/subscribe', { since = since, format = 'columns' }, function(s)
    self.subscription, self.live = s.subscription, true
    client.subscriptions[s.subscription] = function(batch)
      self:take(batch)
    end
    vim.cmd.redrawstatus({ bang = true }) -- the winbar says that it follows
  end)
end

function Feed:take(batch)
  table.insert(self.queue, batch)
  self:soon(flush_ms)
end

-- soon draws what is in the queue in a while.
function Feed:soon(ms)
  if not self.due then
    self.due = true
    vim.defer_fn(function()
      self.due = false
      self:flush()
    end, ms)
  end
end

-- full reports whether the buffer has no room and nobody follows: then what comes
-- waits in the engine, and the reader keeps his place.
function Feed:full(followers)
  return #followers == 0 and self.lines.count >= config.get().log.lines
end

-- pass puts batches from the queue into the buffer while there is time, and returns
-- them: one at the least.
function Feed:pass()
  local began, passed = vim.uv.hrtime(), {}
  repeat
    local batch = table.remove(self.queue, 1)
    self.lines:append(entries.of_batch(batch, self.runs))
    self:anchor(batch.next, entries.last_seq(batch))
    passed[#passed + 1] = batch
  until #self.queue == 0 or vim.uv.hrtime() - began > most_ms * 1e6
  return passed
end

--- Draws what has come, or the beginning of it, and only then asks for more.
function Feed:flush()
  if #self.queue == 0 or not vim.api.nvim_buf_is_valid(self.lines.bufnr) then
    return
  end
  local followers = self.view.followers()
  if self:full(followers) then
    return
  end
  local passed = self:pass()
  self:trim_top()
  self.view.drawn(followers)
  for _, batch in ipairs(passed) do
    client.notify('logs/ack', { subscription = batch.subscription, batch = batch.batch })
  end
  if #self.queue > 0 then
    self:soon(pause_ms)
  end
end

-- trim_top takes away what is too much above, up to a line that paging can
-- continue from.
function Feed:trim_top()
  local over = self.lines.count - config.get().log.lines
  if over <= 0 then
    return
  end
  while self.anchors[1] and self.anchors[1].number < self.lines.base + over do
    table.remove(self.anchors, 1)
  end
  local first = self.anchors[1]
  self.top = first
  self.lines:trim_top(first and first.number - self.lines.base or over)
end

-- trim_bottom takes away what is too much below. What comes after it is fetched
-- when somebody goes there.
function Feed:trim_bottom()
  local most = self.lines.base + config.get().log.lines - 1
  local last = self.lines.base + self.lines.count - 1
  if last <= most then
    return
  end
  while #self.anchors > 1 and self.anchors[#self.anchors].number > most do
    table.remove(self.anchors)
  end
  self:stop()
  self.begun = true
  self.lines:trim_bottom(last - self.anchors[#self.anchors].number)
end

--- Puts the page before the first line above it.
function Feed:older()
  local top = self.top
  if not top or self.asking then
    return
  end
  self:ask('logs/query', { before = top.cursor, limit = config.get().log.page }, function(page)
    local above = entries.of_page(page, {}, top.seq)
    self.lines:prepend(above)
    local last = page.lines[#page.lines]
    if last and last.seq < (top.seq or math.huge) then
      table.insert(self.anchors, 1, { number = self.lines.base + #above - 1, cursor = page.next, seq = last.seq })
    end
    self.top = page.more and { cursor = page.prev } or nil
    self:trim_bottom()
  end)
end

--- Puts the page behind the last line below it; with the newest one it follows
--- again.
function Feed:newer()
  local bottom = self.anchors[#self.anchors]
  if self.live or self.asking or not bottom then
    return
  end
  self:ask('logs/query', { after = bottom.cursor, limit = config.get().log.page }, function(page)
    self.lines:append(entries.of_page(page, self.runs))
    local last = page.lines[#page.lines]
    if last then
      self:anchor(page.next, last.seq)
    end
    self:trim_top()
    if not page.more then
      self:follow(page.next)
    end
  end)
end

return Feed
