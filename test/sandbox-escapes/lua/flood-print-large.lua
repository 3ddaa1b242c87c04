-- attack: printing ten megabytes at a time without end
-- expect: timeout
-- with: timeout=1500 grows=400
local text = ("x"):rep(10000000)
while true do print(text) end
