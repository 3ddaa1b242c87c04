-- Checks an API: what its answer must be like is written down, and the tool says what is different.
--
--   llmspell run examples/health-check.lua
--
-- Prints the flag that is missing, because no host is granted. With a server of your own it prints each check:
--   llmspell run --allow-net=localhost examples/health-check.lua http://localhost:8080/health

local url = ARGS[1] or "https://api.example.com/health"

local ok, answer = pcall(Tool.execute, "api-tester", {
  input = url,
  expect = {
    status = "2xx",
    headers = { { name = "content-type", contains = "json" } },
    json = { { path = "$.status", one_of = { "up", "ok" } } },
    max_response_time_ms = 2000,
  },
})

if ok then
  print(answer.text)
else
  local failure = Debug.last_error()
  print(failure.code .. ": " .. failure.hint)
end
