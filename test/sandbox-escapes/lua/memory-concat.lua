-- attack: doubling a string
-- expect: error limit.memory
-- with: memory=32
local s = "x"
while true do s = s .. s end
