-- attack: a table that doubles forty times when copied
-- expect: error value.too_large
-- with: memory=256
local t = {}
for i = 1, 40 do t = { t, t } end
return Tool.execute("calculator", { bomb = t })
