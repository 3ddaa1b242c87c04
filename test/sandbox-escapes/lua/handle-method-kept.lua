-- attack: a method outlives the variable that held its handle
-- expect: value "hi"
local agent = Agent.create { name = "a", model = "mock/echo" }
local execute = agent.execute
agent = nil
collectgarbage()
collectgarbage()
return execute("hi").text
