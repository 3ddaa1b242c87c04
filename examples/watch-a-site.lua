-- Looks through the pages that a site's sitemap lists and says which of them changed since the last run.
--
--   llmspell run examples/watch-a-site.lua
--
-- Prints which grant that needs. With it, it prints one line per page; run it again later to see what changed:
--   llmspell run --allow-net=example.com examples/watch-a-site.lua https://example.com/

local ok, site = pcall(Tool.execute, "sitemap-crawler", { url = ARGS[1] or "https://example.com/", max_urls = 20 })
if not ok then
  print(Debug.last_error().hint)
  return
end

for _, page in ipairs(site.result.urls) do
  local read, visit = pcall(Tool.execute, "webpage-monitor", { operation = "check", url = page.url })
  print(page.url .. ": " .. (read and visit.text or Debug.last_error().message))
end
for _, problem in ipairs(site.result.errors) do print(problem.url .. " was not read: " .. problem.error) end
