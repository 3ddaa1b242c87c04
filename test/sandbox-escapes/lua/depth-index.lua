-- attack: __index inside __index
-- expect: error limit.stack
local t = setmetatable({}, {})
getmetatable(t).__index = function(_, k) return t[k] end
return t.x
