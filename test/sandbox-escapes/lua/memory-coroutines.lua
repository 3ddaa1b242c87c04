-- attack: coroutines that are kept
-- expect: error limit.memory
-- with: memory=32
local all = {}
while true do
  local co = coroutine.create(function() coroutine.yield() end)
  coroutine.resume(co)
  all[#all + 1] = co
end
