-- attack: removing every global does not disturb the host
-- expect: value true
local run, globals, names = Tool.execute, _G, {}
for name in next, globals do names[#names + 1] = name end
for i = 1, #names do globals[names[i]] = nil end
return run("calculator", { expression = "1+1" }).success
