-- The annotations: a type that is named is defined, here or in the generated
-- types.lua, and once. No language server is needed for that.
return function(T, s)
  local defined, twice, named = {}, {}, {}
  for _, path in ipairs(vim.fn.globpath(s.plugin .. '/lua', '**/*.lua', false, true)) do
    for _, line in ipairs(vim.fn.readfile(path)) do
      local name = line:match('^%-%-%-@class ([%w._]+)') or line:match('^%-%-%-@alias ([%w._]+)')
      if name then
        twice[name] = defined[name] and path
        defined[name] = true
      end
      if line:find('^%s*%-%-%-@') then
        for used in line:gmatch('brummer%.[%w._]+') do
          named[used] = path
        end
      end
    end
  end

  function T.each_type_is_defined_once()
    s.eq({}, vim.tbl_keys(twice))
    local missing = vim.tbl_filter(function(name)
      return not defined[name] and name ~= 'brummer.types' and name ~= 'brummer.toml'
    end, vim.tbl_keys(named))
    s.eq({}, missing)
    s.ok(vim.tbl_count(named) > 100, vim.tbl_count(named))
  end

  function T.each_function_of_the_api_is_annotated()
    local text = vim.fn.readfile(s.plugin .. '/lua/brummer/init.lua')
    for i, line in ipairs(text) do
      local parameters = line:match('^function M%.[%w_]+%((.*)%)$')
      for name in (parameters or ''):gmatch('[%w_]+') do
        local l, found = i - 1, false
        while text[l]:find('^%-%-%-') do
          found = found or text[l]:find('^%-%-%-@param ' .. name .. '%??%s') ~= nil
          l = l - 1
        end
        s.ok(found, line .. ': ' .. name .. ' has no annotation')
      end
    end
  end
end
