-- attack: filling the store in memory
-- expect: error storage.failed
-- with: timeout=60000 grows=1500
local text = ("x"):rep(9000000)
for i = 1, math.huge do State.save("global", "k" .. i, text) end
