-- attack: closures
-- expect: error limit.memory
-- with: memory=32
local chain
while true do local before = chain chain = function() return before end end
