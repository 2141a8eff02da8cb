-- The framer, wherever the pieces of a stream end.
return function(T, s)
  local framer = require('brummer.framer')

  local bodies = { '{"a":1}', ('x'):rep(300), 'é', '' }
  local stream = ''
  for i, body in ipairs(bodies) do
    stream = stream .. (i == 2 and 'Content-Type: x\r\n' or '') .. 'content-length: ' .. #body .. '\r\n\r\n' .. body
  end

  function T.pieces_of_any_size()
    for size = 1, #stream do
      local got = {}
      local feed = framer(function(body)
        got[#got + 1] = body
      end)
      for at = 1, #stream, size do
        feed(stream:sub(at, at + size - 1))
      end
      s.eq(bodies, got)
    end
  end

  function T.two_pieces_split_anywhere()
    for at = 1, #stream - 1 do
      local got = {}
      local feed = framer(function(body)
        got[#got + 1] = body
      end)
      feed(stream:sub(1, at))
      feed(stream:sub(at + 1))
      s.eq(bodies, got)
    end
  end

  function T.a_header_without_a_length_is_an_error()
    local feed = framer(function() end)
    local ok, err = pcall(feed, 'hello\r\n\r\n')
    s.eq(false, ok)
    s.ok(err:find('Content-Length', 1, true), err)
  end
end
