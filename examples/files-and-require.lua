-- Files through io, in the folders that are granted, and a module that stands beside the spell (lib/inventory.lua).
--
--   llmspell run examples/files-and-require.lua
--
-- Prints what was written and read again. Without a grant a spell writes only to the temporary folder.

local inventory = require("lib.inventory")

local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write("apples,12\n", "pears,3\n")
file:close()

local counts = inventory.read(path)
print("apples: " .. counts.apples .. ", pears: " .. counts.pears)

os.remove(path)
print("removed: " .. tostring(io.open(path) == nil))
