-- Tools do the work that touches the world, and much that does not. This is one call each of a few of them.
--
--   llmspell run examples/tools-tour.lua
--
-- Prints a result per tool. `llmspell tool list` names all tools.

local function show(name, result) print(("%-18s %s"):format(name, result)) end

show("calculator", Tool.execute("calculator", { input = "(3 + 4) * 6" }).result.result)

local hash = Tool.execute("hash-calculator", { operation = "hash", algorithm = "sha256", input = "spell" })
show("hash-calculator", hash.result.hash:sub(1, 16) .. "…")

local upper = Tool.execute("text-manipulator", { operation = "uppercase", input = "quiet" })
show("text-manipulator", upper.result.result)

local names = Tool.execute("json-processor", {
  operation = "query",
  input = '{"people":[{"name":"Ada"},{"name":"Alan"}]}',
  query = "[.people[].name]",
})
show("json-processor", JSON.stringify(names.result))

local letter = Tool.execute("template-creator", {
  template = "Dear {{name}}, you owe me {{sum}}.",
  context = { name = "Ada", sum = 3 },
})
show("template-creator", letter.text)

local found = Tool.execute("file-search", { pattern = "The smallest spell", path = "examples", file_pattern = "hello.*" })
show("file-search", #found.result.matches .. " matches")
