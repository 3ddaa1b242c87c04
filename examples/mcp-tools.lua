-- Tools of a server that speaks the Model Context Protocol, beside the built-in ones. The server is named in examples/lib/mcp.toml
-- and started when it is first needed; what it answers is marked as text from outside.
--
--   llmspell run --config examples/lib/mcp.toml examples/mcp-tools.lua
--
-- Prints the server's tools and what two of them answer.

for _, tool in ipairs(Tool.discover({ category = "mcp" })) do
  print(tool.name)
end

local sum = Tool.execute("sums__calculator", { input = "6 * 7" })
print(sum.result.result.result, sum.metadata.source, sum.metadata.untrusted)

local shout = Tool.get("sums__text-manipulator")
print(shout:execute({ operation = "uppercase", input = "from outside" }).result.result.result)
