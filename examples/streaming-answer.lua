-- The pieces of an answer as they arrive.
--
--   llmspell run examples/streaming-answer.lua
--
-- Prints each piece on a line of its own, then how many there were.

Config.setProvider("mock", { script = { { chunks = { "Once ", "upon ", "a ", "time." } } } })
local teller = Agent.builder():name("teller"):model("mock/script"):build()

local result = teller:invokeStream({ text = "Tell me a story." }, function(chunk)
  print("[" .. chunk.text .. "]")
end)
print(result.chunks_received .. " pieces: " .. result.text)
