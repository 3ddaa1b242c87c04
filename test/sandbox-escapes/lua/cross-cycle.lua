-- attack: a table that contains itself
-- expect: error value.cyclic
local t = {}
t.inner = { t }
return Tool.execute("calculator", t)
