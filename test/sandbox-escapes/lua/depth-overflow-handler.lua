-- attack: a stack overflow in the handler of a stack overflow
-- expect: value false
-- with: memory=256
local function deep() return deep() + 1 end
return (xpcall(deep, function() return deep() end))
