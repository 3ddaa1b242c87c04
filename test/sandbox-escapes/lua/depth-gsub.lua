-- attack: replacement functions inside each other
-- expect: error limit.stack
local function r(s) return (s:gsub(".", r)) end
return r("a")
