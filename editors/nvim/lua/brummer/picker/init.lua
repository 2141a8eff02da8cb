--- What can be chosen from: processes, scripts, addresses, problems, requests. The
--- base is `vim.ui.select`, which telescope, fzf-lua, snacks and others put their
--- own face on; for who wants previews there are sources for three of them, in
--- telescope/_extensions/brummer.lua, picker/fzf.lua and picker/snacks.lua.
local client = require('brummer.client')
local state = require('brummer.state')

local M = {}

---@class brummer.Pick
---@field text string
---@field run fun() what is done with it when it is chosen
---@field place? brummer.Place
---@field process? string whose log is its preview

---@class brummer.Source
---@field prompt string
---@field none? string what to say if there is nothing
---@field items fun(callback: fun(items: brummer.Pick[]))

local function asked(method, params, convert)
  return function(callback)
    client.ask(method, params, function(result)
      callback(convert(result))
    end)
  end
end

local function process_pick(p)
  return {
    text = ('%-20s %-10s %s'):format(p.id, p.state, p.command),
    process = p.id,
    run = function()
      require('brummer').logs(p.id)
    end,
  }
end

local function script_pick(s)
  return {
    text = ('%-24s %s'):format(s.id, s.command:gsub('\n', ' ')),
    place = s.line and { file = vim.fs.normalize(client.root .. '/' .. s.source), line = s.line, column = 1 } or nil,
    run = function()
      require('brummer').start(s.id)
    end,
  }
end

local function url_pick(u)
  return {
    text = ('%s  (%s)'):format(u.url, u.process),
    process = u.process,
    run = function()
      require('brummer.browser').open(u.url)
    end,
  }
end

local function problem_pick(p)
  local place = { file = p.location.file, line = p.location.line + 1, column = p.location.character + 1 }
  return {
    text = ('%s:%d: %s: %s'):format(vim.fn.fnamemodify(place.file, ':.'), place.line, p.severity, p.message:gsub('\n', ' ')),
    place = place,
    run = function()
      require('brummer.place').go(place)
    end,
  }
end

local function request_pick(r)
  local requests = require('brummer.requests')
  return {
    text = requests.line(r),
    process = r.process,
    run = function()
      requests.show(r.id)
    end,
  }
end

---@type table<string, brummer.Source>
M.sources = {
  processes = {
    prompt = 'Processes',
    items = asked('process/list', nil, function(list)
      return vim.tbl_map(process_pick, list.processes)
    end),
  },
  scripts = {
    prompt = 'Start',
    none = 'no scripts here; :Brummer start COMMAND starts anything',
    items = asked('project/scripts', nil, function(list)
      return vim.tbl_map(script_pick, list.scripts)
    end),
  },
  urls = {
    prompt = 'Open',
    items = asked('urls/list', nil, function(list)
      return vim.tbl_map(url_pick, list.urls)
    end),
  },
  problems = {
    prompt = 'Problems',
    items = asked('problems/list', { limit = 1000 }, function(list)
      return vim.tbl_map(problem_pick, list.problems)
    end),
  },
  requests = {
    prompt = 'Requests',
    items = asked('proxy/requests', { limit = 500 }, function(list)
      local by, order = {}, {}
      for _, r in ipairs(list.requests) do -- the last word on each counts
        order[#order + 1] = not by[r.id] and r.id or nil
        by[r.id] = r
      end
      return vim.tbl_map(function(id)
        return request_pick(by[id])
      end, vim.fn.reverse(order))
    end),
  },
}

--- The names of the sources, sorted.
---@return string[]
function M.names()
  return vim.fn.sort(vim.tbl_keys(M.sources))
end

--- What a preview shows of an item that has no place: the last lines of its process's
--- log, or its own.
---@param item brummer.Pick
---@param callback fun(lines: string[])
function M.about(item, callback)
  if not item.process then
    return callback({ item.text })
  end
  client.call('logs/query', { filter = { processes = { item.process } }, tail = 50 }, function(err, page)
    callback(err and { err.message } or vim.tbl_map(function(entry)
      return entry.text
    end, require('brummer.log.entries').of_page(page, {})))
  end)
end

--- A function for each source that gets its items and has them shown: what a picker
--- offers.
---@param show fun(source: brummer.Source, items: brummer.Pick[], opts: table)
---@return table<string, fun(opts?: table)>
function M.by(show)
  return vim.tbl_map(function(source)
    return function(opts)
      source.items(function(items)
        show(source, items, opts or {})
      end)
    end
  end, M.sources)
end

--- Lets the user choose, by vim.ui.select.
---@param name string of a source
function M.select(name)
  local source = M.sources[name]
  source.items(function(items)
    if #items == 0 then
      return require('brummer.tell').info(source.none or 'nothing to choose from: ' .. source.prompt)
    end
    vim.ui.select(items, {
      prompt = source.prompt,
      kind = 'brummer.' .. name,
      format_item = function(item)
        return item.text
      end,
    }, function(item)
      if item then
        item.run()
      end
    end)
  end)
end

--- Lets the user choose which process something is for; the only one is taken
--- without asking.
---@param prompt string
---@param callback fun(id: string)
function M.process(prompt, callback)
  client.ensure(function(err)
    if err then
      return require('brummer.tell').failure(err)
    end
    if #state.order == 1 then
      return callback(state.order[1])
    elseif #state.order == 0 then
      return require('brummer.tell').info('nothing has been started')
    end
    vim.ui.select(state.order, { prompt = prompt, kind = 'brummer.process' }, function(id)
      if id then
        callback(id)
      end
    end)
  end)
end

return M
