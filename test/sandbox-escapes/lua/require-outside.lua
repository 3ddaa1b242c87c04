-- attack: modules outside the granted folder
-- expect: value "refused"
for _, attempt in ipairs {
  function() return require("linked.secret") end,
  function() package.path = ARGS[1] .. "/?.lua" return require("secret") end,
  function() package.path = "../outside/?.lua" return require("secret") end,
  function() return require("../outside/secret") end,
  function() return dofile(package.searchpath("secret", ARGS[1] .. "/?.lua")) end,
} do
  if pcall(attempt) then return "loaded" end
end
return "refused"
