-- attack: loops inside coroutines inside coroutines
-- expect: timeout
-- with: timeout=400
local function nest(depth)
  while true do
    if depth == 0 then for i = 1, math.huge do end end
    pcall(coroutine.wrap(function() nest(depth - 1) end))
  end
end
nest(20)
