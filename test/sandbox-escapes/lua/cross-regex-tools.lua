-- attack: regular expressions of tools that backtrack for ever
-- expect: value "ended"
-- with: timeout=60000
for _, call in ipairs {
  { "text-manipulator", { operation = "regex_match", input = ("a"):rep(50) .. "b", pattern = "^(a+)+$", options = { pattern = "^(a+)+$" } } },
  { "text-manipulator", { operation = "regex_replace", input = ("a"):rep(50) .. "b", pattern = "^(a+)+$", replacement = "", options = { pattern = "^(a+)+$", replacement = "" } } },
  { "file-search", { operation = "search", path = "note.txt", pattern = "^(\\w+\\s?)+$x", use_regex = true } },
  { "json-processor", { operation = "validate", input = { ("a"):rep(50) .. "b" }, schema = { items = { pattern = "^(a+)+$" } } } },
  { "json-processor", { operation = "query", input = { 1 }, query = "def f: f; f" } },
} do
  pcall(Tool.execute, call[1], call[2])
end
return "ended"
