-- attack: changing the string metatable does not disturb the host
-- expect: value ["calculator",2]
getmetatable("").__index = function() return "evil" end
getmetatable("").__add = function() return "evil" end
local tools = Tool.list()
local names = {}
for i = 1, #tools do names[tools[i].name or tools[i]] = true end
return { names.calculator and "calculator", Tool.execute("calculator", { expression = "1+1" }).result.result or Tool.execute("calculator", { expression = "1+1" }).result }
