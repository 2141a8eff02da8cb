-- Runs one file of tests in this Neovim. The file returns a function that is given
-- the table in which it puts its tests, by name and in order, and what tests share
-- (support.lua). The exit code is 1 if one fails.
local here = os.getenv('BRUMMER_PLUGIN') .. '/tests'
local support = dofile(here .. '/support.lua')
local spec = vim.fn.argv(0)

local tests, order = {}, {}
local T = setmetatable({}, {
  __newindex = function(_, name, run)
    tests[name] = run
    order[#order + 1] = name
  end,
})
dofile(spec)(T, support)

-- write goes past Neovim's own output, which may be in the middle of a line.
local function write(text)
  io.stdout:write(text, '\n')
  io.stdout:flush()
end

local failures = 0
for i, name in ipairs(order) do
  support.reset()
  local ok, err = xpcall(tests[name], debug.traceback)
  write(('%s %d - %s'):format(ok and 'ok' or 'not ok', i, (name:gsub('_', ' '))))
  if not ok then
    failures = failures + 1
    write('  ' .. tostring(err):gsub('\n', '\n  '))
  end
end
support.finish()
vim.cmd(failures == 0 and #order > 0 and 'qall!' or 'cquit 1')
