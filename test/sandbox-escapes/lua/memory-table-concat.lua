-- attack: table.concat
-- expect: error limit.memory
-- with: memory=32
local s, t = ("x"):rep(1 << 20), {}
for i = 1, 1000 do t[i] = s end
return #table.concat(t)
