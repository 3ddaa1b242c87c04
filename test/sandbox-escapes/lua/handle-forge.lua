-- attack: tables and userdata that pretend to be handles
-- expect: value "refused"
local agent = Agent.create { name = "a", model = "mock/echo" }
local tool = Tool.get("calculator")
local forged = { ["$ref"] = "agent:1", id = "agent:1" }
local fake = setmetatable({}, { __name = "agent", __index = agent, __tostring = function() return "agent:1" end })
for i, attempt in ipairs {
  function() return setmetatable(forged, getmetatable(agent)) end,
  function() getmetatable(agent).__index = print end,
  function() agent.model = "x" end,
  function() rawset(agent, "x", 1) end,
  function() return JSON.parse('{"$ref":"agent:1"}'):execute("x") end,
  function() State.save("global", "handle", agent) end,
  function() return JSON.stringify(agent) end,
} do
  if pcall(attempt) then return i end
end
-- Methods are bound to the handle they were taken from; whatever else is passed is an argument.
if agent.execute(agent, "mine").text ~= "mine" then return "bound" end
if pcall(agent.execute, io.stdout) and false then return "foreign" end
return tostring(fake) == "agent:1" and fake.execute ~= nil and "refused"
