-- attack: logging a megabyte at a time without end
-- expect: timeout
-- with: timeout=1500 grows=400
local text = ("x"):rep(1000000)
while true do Debug.info(text) end
