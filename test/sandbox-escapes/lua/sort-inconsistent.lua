-- attack: a comparator that contradicts itself
-- expect: value "no crash"
for size = 1, 200 do
  local list = {}
  for i = 1, size do list[i] = i % 7 end
  pcall(table.sort, list, function() return true end)
  pcall(table.sort, list, function(a, b) list[a] = nil return math.random() > 0.5 end)
  pcall(table.sort, list, function(a, b) return a end)
end
return "no crash"
