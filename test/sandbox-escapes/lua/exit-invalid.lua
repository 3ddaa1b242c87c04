-- attack: os.exit with something that is no code
-- expect: value "refused"
for i, code in ipairs { {}, "x", 1.5, 1e300, print } do
  if pcall(os.exit, code) then return i end
end
return "refused"
