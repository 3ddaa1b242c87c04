-- attack: recursion without end
-- expect: error limit.stack
-- with: memory=256
local function f() return f() + 1 end
return f()
