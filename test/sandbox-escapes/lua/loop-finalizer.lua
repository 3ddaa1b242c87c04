-- attack: a finalizer that loops, where no interrupt reaches
-- expect: killed
-- with: timeout=400
setmetatable({}, { __gc = function() while true do end end })
collectgarbage()
