--- The sub-commands of `:Brummer`: this table runs them, completes them, and is
--- held against the help by a test. Each decodes its line and calls one function.
local client = require('brummer.client')
local state = require('brummer.state')

local function brummer()
  return require('brummer')
end

local function ids(lead)
  return state.ids(lead)
end

local function all_ids()
  return state.ids('')
end

-- startable are processes and scripts, by name and by id.
local function startable(lead)
  local list = client.call_sync('project/scripts')
  local out = ids(lead)
  for _, s in ipairs(list and list.scripts or {}) do
    for _, name in ipairs({ s.name, s.id }) do
      if vim.startswith(name, lead) and not vim.tbl_contains(out, name) then
        out[#out + 1] = name
      end
    end
  end
  return out
end

local function urls(lead)
  return vim.tbl_filter(function(url)
    return vim.startswith(url, lead)
  end, state.urls())
end

local levels = { 'trace', 'debug', 'info', 'warn', 'error', 'fatal' }

local level = { desc = 'this level or a worse one', values = levels, check = true }
local process = { desc = 'only of this process', values = all_ids }
local height = { desc = 'lines of the window; a count says the same', number = true }
local loclist = { desc = "the window's location list", flag = true }

local function where(inv)
  return { count = inv.options.height or inv.count, mods = inv.mods }
end

local function need(ok, text)
  if not ok then
    error(text, 0)
  end
end

local function range_text(inv)
  return table.concat(vim.api.nvim_buf_get_lines(0, inv.range[1] - 1, inv.range[2], false), '\n')
end

-- selection is what was selected, where a range is that; else its lines.
local function selection(inv)
  local from, to = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  if from[2] == inv.range[1] and to[2] == inv.range[2] and vim.fn.visualmode() == 'v' then
    return table.concat(vim.fn.getregion(from, to), '\n')
  end
  return range_text(inv)
end

-- on_rows does something to the rows of the list that a range has; outside of the
-- list there are none.
local function on_rows(inv, act)
  if not (inv.range and vim.bo.filetype == 'brummer') then
    return false
  end
  for _, row in ipairs(require('brummer.list').rows(inv.range[1], inv.range[2])) do
    if row.process or row.script then
      act(row)
    end
  end
  return true
end

-- each does something to the processes that are named, or to those of the rows of
-- a range; with no name the user chooses one.
local function each(prompt, act)
  return function(inv)
    local by_rows = on_rows(inv, function(row)
      if row.process then
        act(row.process, inv.options)
      end
    end)
    if by_rows then
      return
    elseif #inv.args == 0 then
      return require('brummer.picker').process(prompt, function(id)
        act(id, inv.options)
      end)
    end
    for _, id in ipairs(inv.args) do
      act(id, inv.options)
    end
  end
end

---@type table<string, brummer.SubCommand>
return {
  list = {
    desc = 'show what runs and what can be run; with ! close it, or open it if it is not open',
    options = { height = height },
    run = function(inv)
      local list = require('brummer.list')
      if not (inv.bang and list.close()) then
        list.open(where(inv))
      end
    end,
  },
  start = {
    desc = 'start a script, a process that has ended, or a command of the shell',
    usage = '{script|command}',
    complete = startable,
    options = {
      name = { desc = "the process's name" },
      cwd = { desc = 'in this folder, relative to the workspace' },
      pty = { desc = 'on a terminal', flag = true },
      restart = { desc = 'start it again when it has ended', values = { 'never', 'onFailure', 'always' }, check = true },
    },
    run = function(inv)
      local o = inv.options
      o.command = inv.bang or nil
      if on_rows(inv, function(row)
        brummer().start(row.script or row.process)
      end) then
        return
      elseif inv.range then
        o.command = true
        return brummer().start(range_text(inv), o)
      elseif inv.text == '' then
        return require('brummer.picker').select('scripts')
      end
      brummer().start(inv.text, o)
    end,
  },
  stop = {
    desc = 'stop processes with everything that they have started; with ! all of them',
    usage = '{name...}',
    complete = ids,
    options = {
      signal = { desc = 'ask with this signal', values = { 'TERM', 'INT', 'HUP', 'QUIT', 'KILL' } },
      grace = { desc = 'milliseconds until it is killed', number = true },
    },
    run = function(inv)
      if inv.bang then
        need(#inv.args == 0, 'stop! stops all and takes no name')
        return brummer().stop_all()
      end
      each('Stop', brummer().stop)(inv)
    end,
  },
  restart = {
    desc = 'stop processes and start them again',
    usage = '{name...}',
    complete = ids,
    run = function(inv)
      each('Restart', brummer().restart)(inv)
    end,
  },
  signal = {
    desc = 'send a signal to a process and all that it has started',
    usage = '{name} {signal}',
    needs = 'a name and a signal',
    complete = ids,
    run = function(inv)
      need(#inv.args == 2, ':Brummer signal needs a name and a signal')
      brummer().signal(inv.args[1], inv.args[2])
    end,
  },
  input = {
    desc = "write a line to a process's input, or the lines of a range",
    usage = '{name} {text}',
    needs = 'a name',
    complete = ids,
    run = function(inv)
      local id, text = inv.text:match('^(%S+)%s*(.*)$')
      need(id, ':Brummer input needs a name')
      brummer().input(id, (inv.range and range_text(inv) or text) .. '\n')
    end,
  },
  remove = {
    desc = 'forget processes that do not run, and their logs',
    usage = '{name...}',
    complete = ids,
    run = function(inv)
      each('Forget', brummer().remove)(inv)
    end,
  },
  logs = {
    desc = 'show the log of processes, or of all; with ! in a floating window',
    usage = '[name...]',
    complete = ids,
    options = {
      level = level,
      stream = { desc = 'only stdout or stderr', values = { 'stdout', 'stderr' }, check = true },
      text = { desc = 'only lines with this text' },
      regexp = { desc = 'only lines that match' },
      height = height,
    },
    run = function(inv)
      local opts = vim.tbl_extend('force', inv.options, { float = inv.bang, where = where(inv) })
      brummer().logs(#inv.args > 0 and inv.args or nil, opts)
    end,
  },
  peek = {
    desc = "show the end of a process's log beside the cursor; again: go into it",
    usage = '[name]',
    complete = ids,
    run = function(inv)
      brummer().peek(inv.args[1])
    end,
  },
  clear = {
    desc = 'hide the output that there is, of processes or with ! of all',
    usage = '{name...}',
    complete = ids,
    run = function(inv)
      need(inv.bang or #inv.args > 0, 'clear needs a name; :Brummer! clear clears all')
      brummer().clear(#inv.args > 0 and inv.args or nil)
    end,
  },
  export = {
    desc = 'write output to a file; with ! over one that is there',
    usage = '{file} [name...]',
    needs = 'a file',
    complete = ids,
    options = { format = { desc = 'plain lines, exact bytes, or JSON', values = { 'text', 'raw', 'ndjson' }, check = true } },
    run = function(inv)
      local names = vim.list_slice(inv.args, 2)
      local opts = { processes = #names > 0 and names or nil, format = inv.options.format, overwrite = inv.bang or nil }
      brummer().export(vim.fn.fnamemodify(inv.args[1], ':p'), opts)
    end,
  },
  search = {
    desc = 'search the logs, to the quickfix list; with ! for a regular expression',
    usage = '{text}',
    needs = 'what to search for',
    options = {
      process = process,
      level = level,
      case = { desc = 'capital letters as they are', flag = true },
      word = { desc = 'whole words', flag = true },
      context = { desc = 'lines around each hit', number = true },
      oldest = { desc = 'the oldest first', flag = true },
      limit = { desc = 'how many hits; a count says the same', number = true },
      loclist = loclist,
    },
    run = function(inv)
      local o = inv.options
      local filter = { processes = o.process and { o.process }, level = o.level }
      brummer().search(inv.range and selection(inv) or inv.text, {
        regexp = inv.bang or nil,
        case = o.case,
        word = o.word,
        context = o.context,
        oldest = o.oldest,
        loclist = o.loclist,
        limit = o.limit or inv.count,
        filter = filter,
      })
    end,
  },
  problems = {
    desc = 'the problems that hold now, to the quickfix list; with ! forget them',
    usage = '[name]',
    complete = ids,
    options = {
      severity = { desc = 'as serious as this, or more', values = { 'error', 'warning', 'info', 'hint' }, check = true },
      file = { desc = 'only of this file; % is the present one' },
      height = height,
      loclist = loclist,
    },
    run = function(inv)
      if inv.bang then
        return brummer().clear_problems(inv.args[1])
      end
      local o = inv.options
      local file = o.file and vim.fn.fnamemodify(vim.fn.expand(o.file), ':p')
      brummer().problems({ process = inv.args[1], severity = o.severity, file = file, loclist = o.loclist, height = o.height or inv.count })
    end,
  },
  tests = {
    desc = 'the tests that failed and what they say, to the quickfix list; with ! all tests',
    usage = '[name]',
    complete = ids,
    options = {
      status = { desc = 'with this result', values = { 'passed', 'failed', 'skipped', 'todo' }, check = true },
      height = height,
      loclist = loclist,
    },
    run = function(inv)
      local o = inv.options
      brummer().tests({ process = inv.args[1], status = inv.bang and 'all' or o.status, loclist = o.loclist, height = o.height or inv.count })
    end,
  },
  urls = {
    desc = 'choose an address that a process serves, and open it',
    run = function()
      brummer().urls()
    end,
  },
  open = {
    desc = 'open the address that a process serves',
    usage = '[name]',
    complete = ids,
    run = function(inv)
      each('Open', brummer().open)(inv)
    end,
  },
  proxy = {
    desc = 'put a proxy in front of a server and open it; with ! end the proxy; without {url} list them',
    usage = '[url] [name]',
    complete = function(lead)
      local found = urls(lead)
      return #found > 0 and found or ids(lead)
    end,
    options = {
      port = { desc = 'listen on this port', number = true },
      label = { desc = 'a name for people' },
      host = { desc = 'whose Host the server sees', values = { 'preserve', 'target' }, check = true },
      plain = { desc = 'pages get no script', flag = true },
      quiet = { desc = 'do not open it', flag = true },
    },
    run = function(inv)
      if #inv.args == 0 then
        return brummer().proxies()
      elseif inv.bang then
        return brummer().end_proxy(inv.args[1])
      end
      local o = inv.options
      brummer().proxy(inv.args[1], { process = inv.args[2], port = o.port, label = o.label, host = o.host, inject = not o.plain, quiet = o.quiet })
    end,
  },
  requests = {
    desc = 'choose a request that went through a proxy, and see all of it',
    usage = '[id]',
    run = function(inv)
      if inv.args[1] then
        return require('brummer.requests').show(inv.args[1])
      end
      require('brummer.picker').select('requests')
    end,
  },
  pick = {
    desc = 'choose from processes, scripts, urls, problems or requests',
    usage = '[what]',
    complete = function(lead)
      return vim.tbl_filter(function(name)
        return vim.startswith(name, lead)
      end, require('brummer.picker').names())
    end,
    run = function(inv)
      brummer().pick(inv.args[1])
    end,
  },
  info = {
    desc = 'what is known of a process, or of the connection to the engine',
    usage = '[name]',
    complete = ids,
    run = function(inv)
      brummer().info(inv.args[1])
    end,
  },
  ['restart-engine'] = {
    desc = 'connect anew, also after too many crashes',
    run = function()
      client.restart()
    end,
  },
}
