-- attack: an agent that was destroyed
-- expect: error agent.illegal_transition
local agent = Agent.create { name = "a", model = "mock/echo" }
agent:destroy()
return agent:execute("still there?")
