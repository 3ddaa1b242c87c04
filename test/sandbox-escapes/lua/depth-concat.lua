-- attack: __concat inside __concat
-- expect: error limit.stack
local mt = {}
mt.__concat = function(a, b) return a .. b end
return setmetatable({}, mt) .. 1
