-- attack: variables that are not granted
-- expect: value "nothing"
local seen = {}
for _, name in ipairs { "SECRET_KEY", "PATH", "HOME", "LLMSPELL_HOME", "OPENAI_API_KEY", "__proto__", "constructor", "" } do
  local ok, value = pcall(os.getenv, name)
  if ok and value ~= nil then seen[#seen + 1] = name end
end
return #seen == 0 and "nothing" or table.concat(seen, " ")
