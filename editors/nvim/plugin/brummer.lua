-- The command and the maps; everything else is loaded when it is used.
if vim.g.loaded_brummer then
  return
end
vim.g.loaded_brummer = true

vim.api.nvim_create_user_command('Brummer', function(opts)
  require('brummer.command').run(opts)
end, {
  nargs = '*',
  bang = true,
  complete = function(lead, line)
    return require('brummer.command').complete(lead, line)
  end,
  desc = "The workspace's processes",
})

for name, line in pairs({ list = 'list', logs = 'logs', problems = 'problems', tests = 'tests', start = 'start' }) do
  vim.keymap.set('n', '<Plug>(brummer-' .. name .. ')', '<Cmd>Brummer ' .. line .. '<CR>')
end

-- The engine ends with its last client, and its processes with it; that takes a
-- moment, which is bounded.
vim.api.nvim_create_autocmd('VimLeavePre', {
  callback = function()
    local client = package.loaded['brummer.client']
    if client then
      client.disconnect(1000)
    end
  end,
})
