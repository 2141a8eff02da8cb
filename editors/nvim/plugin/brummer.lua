-- The command and the maps; everything else is loaded when it is used.
if vim.g.loaded_brummer then
  return
end
vim.g.loaded_brummer = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.cmd("command! -nargs=* -bang -range Brummer lua require('brummer.old').tell()")
  return
end

vim.api.nvim_create_user_command('Brummer', function(opts)
  require('brummer.command').run(opts)
end, {
  nargs = '*',
  bang = true,
  range = true,
  complete = function(lead, line)
    return require('brummer.command').complete(lead, line)
  end,
  desc = "The workspace's processes",
})

for _, name in ipairs({ 'list', 'logs', 'peek', 'problems', 'tests', 'start', 'stop', 'restart', 'urls' }) do
  vim.api.nvim_set_keymap(
    'n',
    '<Plug>(brummer-' .. name .. ')',
    ":<C-u>lua require('brummer.command').mapped('" .. name .. "')<CR>",
    { noremap = true, silent = true }
  )
end
for _, name in ipairs({ 'search', 'start' }) do
  vim.api.nvim_set_keymap('x', '<Plug>(brummer-' .. name .. ')', ':Brummer ' .. name .. '<CR>', { noremap = true, silent = true })
end
vim.api.nvim_set_keymap('n', '<Plug>(brummer-search)', ':Brummer search ', { noremap = true })

-- The engine ends with its last client, and its processes with it.
vim.api.nvim_create_autocmd('VimLeavePre', {
  callback = function()
    local client = package.loaded['brummer.client']
    if client then
      client.leave()
    end
  end,
})
