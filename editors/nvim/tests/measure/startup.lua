-- What the plugin adds to the start of Neovim: tests/run.sh NVIM BRUMMER_RPC startup.
-- It starts Neovim with and without it in turn, and tells the medians of what
-- --startuptime says: the whole start, and the time that its one file took, which
-- is what can be told apart from noise. It fails if that file takes more than a
-- tenth of the whole start, or if it loads anything else.
local plugin = os.getenv('BRUMMER_PLUGIN')
local nvim = os.getenv('NVIM_UNDER_TEST')
local runs = 21

local function say(text) -- with its end: Neovim's print leaves it out
  io.stdout:write(text, '\n')
end

local function median(numbers)
  table.sort(numbers)
  return numbers[math.ceil(#numbers / 2)]
end

-- start gives the whole time, that of our file, and which files of ours there were.
local function start(with)
  local log = vim.fn.tempname()
  local package = vim.fn.tempname()
  vim.fn.mkdir(package .. '/pack/b/start', 'p')
  if with then
    vim.uv.fs_symlink(plugin, package .. '/pack/b/start/brummer')
  end
  vim.system({ nvim, '--headless', '-i', 'NONE', '-n', '-u', 'NORC', '--cmd', 'set packpath^=' .. package, '--startuptime', log, '+qa' }):wait(30000)
  local whole, ours, files
  files = {}
  for _, line in ipairs(vim.fn.readfile(log)) do
    local clock = line:match('^(%S+).*NVIM STARTED')
    whole = whole or tonumber(clock)
    local self = line:match('^%S+%s+%S+%s+(%S+): sourcing .*/plugin/brummer%.lua$')
    if self then
      ours = tonumber(self)
      files[#files + 1] = 'plugin/brummer.lua'
    elseif line:find('require%(.brummer') then
      files[#files + 1] = line
    end
  end
  vim.fn.delete(package, 'rf')
  return whole, ours, files
end

local with, without, own = {}, {}, {}
for i = 1, runs do
  local _
  local ours, files
  without[i], _, _ = start(false)
  with[i], ours, files = start(true)
  if #files ~= 1 or files[1] ~= 'plugin/brummer.lua' then
    say('it loads ' .. vim.inspect(files))
    os.exit(1)
  end
  own[i] = ours
end
local added = median(own)
say(('start: %.2f ms with the plugin, %.2f ms without; plugin/brummer.lua takes %.3f ms (medians of %d)'):format(median(with), median(without), added, runs))
os.exit(added > median(with) / 10 and 1 or 0)
