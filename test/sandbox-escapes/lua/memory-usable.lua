-- attack: after running out of memory the script goes on
-- expect: value [false,true,3]
-- with: memory=32
local ok, message = pcall(function() local s = "x" while true do s = s .. s end end)
collectgarbage()
return { ok, message:find("memory") ~= nil, #("abc") }
