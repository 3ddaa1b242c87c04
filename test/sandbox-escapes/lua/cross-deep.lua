-- attack: a table of a thousand levels
-- expect: error value.too_deep
local t = {}
for i = 1, 1000 do t = { t } end
return Tool.execute("calculator", { deep = t })
