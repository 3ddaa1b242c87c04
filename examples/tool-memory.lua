-- What a tool or an agent wants to know again next time: values, results with a time to live, and counts, kept by the
-- tool-state tool.
--
--   llmspell run examples/tool-memory.lua
--
-- Prints a slow answer that is worked out once and then remembered, and what was counted.

local function memory(request)
  request.tool_id = "primes"
  return Tool.execute("tool-state", request).result
end

memory({ operation = "clear" }) -- so that every run prints the same

local function primes_below(limit)
  local known = memory({ operation = "cache", input = { limit = limit } })
  if known.hit then return known.value, "remembered" end
  local count = 0
  for number = 2, limit - 1 do
    local divisor = 2
    while divisor * divisor <= number and number % divisor ~= 0 do divisor = divisor + 1 end
    if divisor * divisor > number then count = count + 1 end
  end
  memory({ operation = "cache", input = { limit = limit }, value = count, ttl_seconds = 60 })
  memory({ operation = "record_execution", success = true })
  return count, "worked out"
end

for _, limit in ipairs({ 1000, 5000, 1000 }) do
  local count, how = primes_below(limit)
  print(("%d primes below %d, %s"):format(count, limit, how))
end

memory({ operation = "set", key = "largest_limit", value = 5000 })
local record = memory({ operation = "get" })
print("kept value:", record.custom_state.largest_limit)
print("kept results:", record.metadata.cached_count)
print("executions:", record.execution_stats.total_executions)
print("answers from memory:", record.execution_stats.cache_hits)
