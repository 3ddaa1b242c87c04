-- attack: a growing table
-- expect: error limit.memory
-- with: memory=32
local t = {}
while true do t[#t + 1] = #t end
