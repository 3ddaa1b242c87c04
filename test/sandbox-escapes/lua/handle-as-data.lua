-- attack: handles and functions where data is expected
-- expect: value "refused"
local agent = Agent.create { name = "a", model = "mock/echo" }
for i, value in ipairs { agent, print, coroutine.create(print), io.stdout, { inner = agent }, { print } } do
  for _, attempt in ipairs {
    function() State.save("global", "x", value) end,
    function() return Agent.create(value) end,
    function() return Tool.execute(value, {}) end,
    function() return JSON.stringify(value) end,
  } do
    if pcall(attempt) and value ~= io.stdout then return i end
  end
end
return "refused"
