-- attack: a replacement that multiplies
-- expect: error limit.memory
-- with: memory=32
local s = ("x"):rep(1 << 20)
return #s:gsub("x", ("%0"):rep(200))
