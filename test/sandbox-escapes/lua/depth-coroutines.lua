-- attack: ten thousand coroutines inside each other
-- expect: error limit.stack
local function nest(n) if n == 0 then return "bottom" end return coroutine.wrap(function() return nest(n - 1) end)() end
return nest(10000)
