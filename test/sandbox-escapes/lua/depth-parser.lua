-- attack: source code nested very deeply
-- expect: value "refused"
for _, code in ipairs {
  "return " .. ("("):rep(100000) .. "1" .. (")"):rep(100000), "return " .. ("{"):rep(100000) .. ("}"):rep(100000),
  ("return function() "):rep(10000) .. ("end "):rep(10000), ("do "):rep(100000) .. ("end "):rep(100000), "return " .. ("-"):rep(100000) .. "1",
  "return " .. ("not "):rep(100000) .. "1", "x = " .. ("a."):rep(100000) .. "b", "return " .. ("1 .. "):rep(100000) .. "1", "local a <close> = " .. ("f("):rep(50000),
} do
  local chunk = load(code)
  if chunk then pcall(chunk) end
end
return "refused"
