-- attack: recursion that fills the memory first
-- expect: error limit.memory
-- with: memory=32
local function f() return f() + 1 end
return f()
