-- attack: finalizers that make finalizers
-- expect: timeout
-- with: timeout=400
local function spawn() setmetatable({}, { __gc = spawn }) end
spawn()
while true do local garbage = {} end
