-- What a replay is made of: results compared place by place, changes to what was recorded, times to do it at.
--
--   llmspell run examples/compare-and-schedule.lua
--
-- Prints how two results differ, a change, and the next Monday at nine.

local comparator = Replay.create_comparator()
local before = { answer = { result = 42, unit = "kg" }, timestamp = 1767225600 }
local after = { answer = { result = 43, unit = "g" }, timestamp = 1767229200 }

print("the same: " .. tostring(comparator:compare_json(before, before).identical))
local found = comparator:compare_json(before, after)
print("similar: " .. found.similarity_score)
for _, difference in ipairs(found.differences) do
  print("  " .. difference.path .. ": " .. difference.description)
end

local change = Replay.create_modification("data.input", { 1, 2, 3 })
print("change " .. change:get_path() .. " to " .. #change:get_value() .. " numbers")

local weekly = Replay.schedules.cron("0 9 * * MON", "UTC")
print("next Monday: " .. weekly:next("2026-01-01T00:00:00Z"))
