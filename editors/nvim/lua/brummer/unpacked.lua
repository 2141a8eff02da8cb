--- A copy of the plugin that the program has unpacked says that it is in use:
--- `brummer-rpc nvim-plugin` takes away those of other versions that nobody has used
--- for a month (unused.go). A copy elsewhere has nothing to say.
local M = {}

--- Marks the folder with the time. It does not wait for the disk.
function M.used()
  local here = vim.uv.fs_realpath(debug.getinfo(1, 'S').source:sub(2))
  local folder = here and vim.fs.normalize(here):match('^(.+/brummer%-rpc/nvim/brummer%-%x+)/lua/')
  if folder then
    local now = os.time()
    vim.uv.fs_utime(folder, now, now, function() end)
  end
end

return M
