-- attack: comparators inside each other
-- expect: error limit.stack
local function r() table.sort({ 1, 2, 3 }, r) return false end
r()
