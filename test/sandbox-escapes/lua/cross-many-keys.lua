-- attack: a definition with a hundred thousand unknown keys
-- expect: value "answered"
-- with: memory=256 timeout=8000
local definition = { name = "x", model = "mock/echo" }
for i = 1, 100000 do definition["k" .. i .. "y"] = i end
pcall(Agent.create, definition)
pcall(Tool.execute, "calculator", definition)
return "answered"
