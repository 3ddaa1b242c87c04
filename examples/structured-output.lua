-- An answer that has to fit a schema. The first answer of this scripted model does not; it is told what is wrong and
-- answers again.
--
--   llmspell run examples/structured-output.lua
--
-- Prints the fields of the decoded answer.

Config.setProvider("mock", {
  script = { '{"city": "Oslo"}', '{"city": "Oslo", "inhabitants": 717710}' },
})

local agent = Agent.builder()
  :name("geographer")
  :model("mock/script")
  :response_schema({
    type = "object",
    properties = { city = { type = "string" }, inhabitants = { type = "integer" } },
    required = { "city", "inhabitants" },
  })
  :build()

local city = agent:execute({ text = "Which is the capital of Norway?" }).data
print(city.city .. " has " .. city.inhabitants .. " inhabitants.")
