--- Content-Length framing: bytes in pieces of any size come in, whole messages go
--- out. It knows nothing of JSON and of pipes.

--- Cuts a stream of bytes into messages, wherever its pieces end. A header without
--- a length is an error: what follows can't be found any more.
---@param on_body fun(body: string)
---@return fun(chunk: string)
return function(on_body)
  local chunks, have, need = {}, 0, nil -- need: bytes of a body whose header has been read
  return function(chunk)
    chunks[#chunks + 1], have = chunk, have + #chunk
    if need and have < need then
      return -- a large body is joined once, not with every piece
    end
    local buffer, at = table.concat(chunks), 1
    while true do
      if not need then
        local start, stop = buffer:find('\r\n\r\n', at, true)
        if not start then
          break
        end
        local header = buffer:sub(at, start)
        need = tonumber(header:lower():match('content%-length:%s*(%d+)'))
        if not need then
          error('a message without Content-Length: ' .. header:sub(1, 100))
        end
        at = stop + 1
      end
      if #buffer - at + 1 < need then
        break
      end
      local body = buffer:sub(at, at + need - 1)
      at, need = at + need, nil
      on_body(body)
    end
    chunks, have = { buffer:sub(at) }, #buffer - at + 1
  end
end
