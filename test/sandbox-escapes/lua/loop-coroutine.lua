-- attack: coroutines that loop
-- expect: timeout
-- with: timeout=400
while true do
  local co = coroutine.wrap(function() while true do end end)
  pcall(co)
end
