-- What happens to values on their way: JSON text, integers and floats, empty lists, absent and null.
--
--   llmspell run examples/json-and-values.lua
--
-- Prints each value as it comes back.

local value = JSON.parse('{"whole": 3, "real": 3.0, "big": 9007199254740993, "none": null, "list": [], "object": {}}')

print("whole:  ", value.whole, math.type(value.whole))
print("real:   ", value.real, math.type(value.real))
print("big:    ", value.big, math.type(value.big))
print("none:   ", value.none)
print("list:   ", JSON.stringify(value.list))
print("object: ", JSON.stringify(value.object))
print("again:  ", JSON.stringify(value))

-- Data is copied: what was saved does not change with the table it came from.
local settings = { theme = "dark", sizes = { 10, 12 } }
State.save("demo", "settings", settings)
settings.theme = "light"
print("stored: ", State.load("demo", "settings").theme)

-- A function is no data.
print("refused:", (pcall(State.save, "demo", "f", { run = print })))
