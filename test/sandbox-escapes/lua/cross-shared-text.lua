-- attack: one long text mentioned a thousand times
-- expect: error value.too_large
-- with: memory=256
local text, list = ("x"):rep(1000000), {}
for i = 1, 1000 do list[i] = text end
return Tool.execute("calculator", { bomb = list })
