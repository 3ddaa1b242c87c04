-- Looking into a spell: dumps, log messages with levels and modules, timers.
--
--   llmspell run examples/debug-and-timers.lua
--
-- Prints dumps and what was logged; the log itself goes to stderr.

print(Debug.dump({ name = "Ada", tags = { "a", "b" } }, "person"))
print(Debug.dumpCompact({ name = "Ada", tags = { "a", "b" } }))

Debug.setLevel("info")
Debug.debug("not kept: below the level", "shop")
Debug.warn("stock is low", "shop.stock")
for _, entry in ipairs(Debug.getCapturedEntries()) do
  print(entry.level .. " [" .. entry.module .. "] " .. entry.message)
end

local timer = Debug.timer("sum")
local sum = 0
for number = 1, 100000 do sum = sum + number end
print("sum: " .. sum .. ", took a while: " .. tostring(timer:stop() >= 0))
