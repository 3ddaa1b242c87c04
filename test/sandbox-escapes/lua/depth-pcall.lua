-- attack: pcalls inside each other
-- expect: error limit.stack
local function r() local ok, message = pcall(r) if not ok then error(message, 0) end end
r()
