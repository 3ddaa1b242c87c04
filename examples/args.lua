-- What follows the script on the command line reaches it as ARGS (named and positional) and arg (positional).
--
--   llmspell run examples/args.lua notes/ more --topic rivers --size=3 --verbose
--
-- Prints each argument. All values are text; a name without a value is "true".

print("script:  " .. ARGS[0])
for position, value in ipairs(arg) do print("ARGS[" .. position .. "]: " .. value) end
print("topic:   " .. ARGS.topic)
print("size:    " .. tonumber(ARGS.size) + 1)
print("verbose: " .. ARGS.verbose)
print("colour:  " .. (ARGS.colour or "blue, because none was given"))
