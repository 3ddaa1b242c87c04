-- attack: a handle brought back by a finalizer after it was collected
-- expect: error handle.released
local agent = Agent.create { name = "a", model = "mock/echo" }
local keeper = setmetatable({ agent = agent }, { __gc = function(self) RESURRECTED = self.agent end })
agent, keeper = nil, nil
collectgarbage()
return RESURRECTED:execute("boo")
