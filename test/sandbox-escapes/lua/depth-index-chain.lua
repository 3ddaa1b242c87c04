-- attack: a chain of __index that bites its own tail
-- expect: error script.error
local t = setmetatable({}, {})
getmetatable(t).__index = t
return t.x
