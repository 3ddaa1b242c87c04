-- llmspell: allow-read=docs description="Counts the headings of the documentation"
--
-- A spell that says what it needs. What is not granted yet is shown before it runs, and asked for where a person sits at the
-- terminal; --accept-manifest accepts it without asking. Here everything is granted already, so it just runs.
--
--   llmspell run examples/manifest.lua
--
-- Prints whether there are headings.

local found = Tool.execute("file-search", { pattern = "^## ", use_regex = true, path = "docs", recursive = true })
print(found.result.summary.total_matches > 20)
