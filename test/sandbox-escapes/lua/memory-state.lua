-- attack: filling the store in memory with what no compression makes smaller
-- expect: error storage.failed
-- with: timeout=60000 grows=1500
local bytes = {}
for i = 1, 1000000 do bytes[i] = string.char(math.random(32, 126)) end
local text = table.concat(bytes):rep(9)
for i = 1, math.huge do State.save("global", "k" .. i, text) end
