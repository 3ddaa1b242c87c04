-- A recorded run can be run again, byte for byte: time, chance, tools and models answer from the recording.
--
--   llmspell run --record dice.jsonl examples/record-and-replay.lua
--   llmspell run --replay dice.jsonl
--
-- Prints something else at each live run, and the same at each replay.

local dice = {}
for throw = 1, 5 do dice[throw] = math.random(6) end
print("dice: " .. table.concat(dice, " "))
print("time: " .. os.date("!%H:%M:%S"))
print("id:   " .. Tool.execute("uuid-generator", { operation = "generate" }).result.uuid)
