-- attack: printing without end from a finalizer
-- expect: killed
-- with: timeout=500 grows=400
setmetatable({}, { __gc = function() while true do print(("x"):rep(1000000)) end end })
collectgarbage()
