-- attack: hundreds of thousands of arguments
-- expect: value "no crash"
-- with: memory=256
pcall(Tool.execute, table.unpack({}, 1, 250000))
pcall(print, table.unpack({}, 1, 250000))
pcall(string.char, table.unpack({}, 1, 250000))
pcall(table.unpack, {}, 1, 1e8)
pcall(select, -1, table.unpack({}, 1, 250000))
local deep = {}
for i = 1, 190 do deep = { x = deep } end
pcall(JSON.stringify, deep, table.unpack({}, 1, 999900))
pcall(coroutine.wrap(function(...) return select("#", ...) end), table.unpack({}, 1, 250000))
return "no crash"
