-- What a spell counts, and what llmspell counts of it.
-- Run it like this; it prints the figures.
--   llmspell run examples/metrics.lua

local sizes = Metrics.histogram("text_length", { help = "Characters of texts.", buckets = { 5, 10, 20 } })
for _, text in ipairs({ "tea", "rivers", "a long sentence" }) do
  Tool.execute("hash-calculator", { operation = "hash", input = text })
  Metrics.inc("texts_total", 1, { long = #text > 10 })
  sizes:observe(#text)
end

for _, name in ipairs({ "texts_total", "text_length", "llmspell_components_total" }) do
  for _, series in ipairs(Metrics.get(name).series) do
    print(name, series.labels.long or series.labels.name or "", math.tointeger(series.value or series.sum))
  end
end
