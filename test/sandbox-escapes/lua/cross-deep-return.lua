-- attack: a table of a thousand levels as the result
-- expect: value true
local t = {}
for i = 1, 1000 do t = { t } end
Tool.register { name = "deep", description = "gives a deep table", execute = function() return t end }
return not pcall(Tool.execute, "deep", {})
