-- attack: a file that is larger than the script's memory
-- expect: error limit.memory
-- with: memory=32
local file = io.open("big.txt", "w")
for i = 1, 24 do file:write(("x"):rep(1 << 20)) file:flush() end
file:close()
file = nil
local text = io.open("big.txt"):read("a")
return #text + #(text .. "y")
