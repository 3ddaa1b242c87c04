-- Searches the web. Without a key DuckDuckGo is asked; with TAVILY_API_KEY, BRAVE_API_KEY and the like those engines come
-- first.
--
--   llmspell run examples/search-the-web.lua
--
-- Prints which grant a search needs. With it, it prints three hits:
--   llmspell run --allow-net=html.duckduckgo.com examples/search-the-web.lua "lua tutorial"

local ok, found = pcall(Tool.execute, "web-searcher", { query = ARGS[1] or "lua tutorial", max_results = 3 })

if not ok then
  print(Debug.last_error().hint)
  return
end
print("asked: " .. found.result.provider)
for _, hit in ipairs(found.result.results) do
  print(hit.rank .. ". " .. hit.title .. "\n   " .. hit.url)
end
