-- attack: a name of a hundred million letters
-- expect: error tool.not_found
-- with: memory=256
local name = ("x"):rep(30000000)
local ok, message = pcall(Tool.execute, name, {})
return Tool.execute("no-such-tool", {})
