-- attack: string.format inside __tostring
-- expect: error limit.stack
local mt = {}
mt.__tostring = function(t) return string.format("%s%s", t, t) end
return string.format("%s", setmetatable({}, mt))
