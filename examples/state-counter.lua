-- State outlives the spell: this one counts how often it was run.
--
--   llmspell run examples/state-counter.lua
--
-- Prints 1 the first time, 2 the second time, and so on; with --reset it begins again.

if ARGS.reset then State.delete("counter", "runs") end

local runs = (State.load("counter", "runs") or 0) + 1
State.save("counter", "runs", runs)
print("This spell has been run " .. runs .. (runs == 1 and " time." or " times."))
