-- attack: __close inside __close
-- expect: error limit.stack
local function r() local x <close> = setmetatable({}, { __close = r }) end
r()
