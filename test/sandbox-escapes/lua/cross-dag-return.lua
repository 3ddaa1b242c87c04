-- attack: the same as the script's result
-- expect: value "small after all"
-- with: memory=256
local t = {}
for i = 1, 40 do t = { t, t } end
Tool.register { name = "bomb", description = "gives a bomb", execute = function() return t end }
if pcall(Tool.execute, "bomb", {}) then return "it crossed" end
return "small after all"
