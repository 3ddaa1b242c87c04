-- Calls, loops, tables, strings and hashes, in about equal parts.
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
local total = 0
for _ = 1, 3 do
  total = total + fib(30)
  local sum = 0
  for i = 1, 2e7 do sum = sum + i % 7 end
  local list = {}
  for i = 1, 2e6 do list[i] = i * 2 end
  for _, value in ipairs(list) do sum = sum + value end
  local parts = {}
  for i = 1, 2e5 do parts[#parts + 1] = ("%d:%s"):format(i, ("x"):rep(i % 10)) end
  local words = 0
  for _ in table.concat(parts, ","):gmatch("%d+") do words = words + 1 end
  local map = {}
  for i = 1, 3e5 do map["k" .. i] = i end
  for _, value in pairs(map) do sum = sum + value end
  total = total + sum + words
end
print(total)
