-- attack: objects of the kernel, which the script's own limit does not count
-- expect: error limit.memory
-- with: timeout=60000 grows=500
for i = 1, math.huge do Agent.create { name = "a" .. i, model = "mock/echo" } end
