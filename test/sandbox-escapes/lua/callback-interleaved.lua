-- attack: fifty coroutines that call the kernel in turns
-- expect: value 500
local running, sum = {}, 0
for i = 1, 50 do
  running[i] = coroutine.wrap(function()
    for turn = 1, 10 do
      local result = Tool.execute("calculator", { expression = i .. "+" .. turn }).result
      sum = sum + ((result.result or result) == i + turn and 1 or 0)
      coroutine.yield()
    end
  end)
end
for turn = 1, 10 do for i = 1, 50 do running[i]() end end
return sum
