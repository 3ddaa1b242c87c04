-- attack: the walk to the host's Function constructor on every global, handle, result and error
-- expect: value "nothing"
local agent = Agent.create { name = "a", model = "mock/echo" }
local _, failure = pcall(Tool.execute, "no-such-tool", {})
local result = Tool.execute("calculator", { expression = "1+1" })
local objects = { Tool, Agent, State, JSON, Debug, Config, agent, result, result.result, agent.execute, Tool.execute, "text" }
local found = {}
for i, object in ipairs(objects) do
  for _, key in ipairs { "constructor", "__proto__", "prototype", "__defineGetter__", "hasOwnProperty", "toString", "caller", "arguments" } do
    local ok, value = pcall(function() return object[key] end)
    if ok and value ~= nil then found[#found + 1] = i .. "." .. key end
  end
end
if type(failure) ~= "string" then found[#found + 1] = type(failure) end
return #found == 0 and "nothing" or table.concat(found, " ")
