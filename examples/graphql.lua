-- Talks to a GraphQL server. The document is read before anything is sent, so that mistakes cost no request.
--
--   llmspell run examples/graphql.lua
--
-- Prints what is wrong with two documents, and why the third one is not sent: its host is not granted.

local function ask(document, more)
  local input = { endpoint = "https://api.example.com/graphql", query = document, variables = { id = "7" } }
  for key, value in pairs(more or {}) do input[key] = value end
  local ok, answer = pcall(Tool.execute, "graphql-query", input)
  if ok then return print(JSON.stringify(answer.result.result.data)) end
  print(Debug.last_error().code .. ": " .. answer)
end

ask("query User($id: ID!) { user(id: $id) { name ")
ask("query User($id: ID!) { user(id: $id) { friends { friends { name } } } }", { max_depth = 2 })
ask("query User($id: ID!) { user(id: $id) { name } }")
