-- attack: a stream handler that loops
-- expect: timeout
-- with: timeout=400
local agent = Agent.create { name = "a", model = "mock/echo" }
agent:invokeStream("one two", function() while true do end end)
