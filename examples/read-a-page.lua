-- Reads a web page: its headings, its links, and the article without what is around it.
--
--   llmspell run examples/read-a-page.lua
--
-- Prints which grant that needs. With it, it prints what is on the page:
--   llmspell run --allow-net=example.com examples/read-a-page.lua https://example.com/

local ok, page = pcall(Tool.execute, "web-scraper", {
  url = ARGS[1] or "https://example.com/",
  selectors = { headings = { selector = "h1, h2", all = true } },
  extract_links = true,
  extract_article = true,
})
if not ok then
  print(Debug.last_error().hint)
  return
end

local content = page.result.content
for _, heading in ipairs(content.headings) do print("# " .. heading) end
if content.article then print(content.article.text) end
for _, link in ipairs(content.links) do print(link.href .. "  " .. link.text) end
