-- An agent whose model calls a tool and then answers. The model is a mock that follows a script, so this runs
-- anywhere; put the name of a real model in its place and it decides by itself.
--
--   llmspell run examples/agent-with-tools.lua
--
-- Prints the answer, and which tools were called on the way.

Config.setProvider("mock", {
  script = {
    { tool_calls = { { name = "calculator", arguments = { input = "17 * 24" } } } },
    "17 times 24 is 408.",
  },
})

local agent = Agent.builder()
  :name("accountant")
  :model("mock/script")
  :system_prompt("You calculate with the calculator, never in your head.")
  :allow_tool("calculator")
  :build()

local answer = agent:execute({ text = "What is 17 times 24?" })
print(answer.text)
for _, call in ipairs(answer.tool_calls) do
  print("called " .. call.name .. " with " .. JSON.stringify(call.arguments) .. ", success: " .. tostring(call.success))
end
