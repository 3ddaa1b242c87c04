-- attack: __tostring inside __tostring
-- expect: error limit.stack
local mt = {}
mt.__tostring = function(t) return tostring(t) end
return tostring(setmetatable({}, mt))
