-- attack: a schema of a registered tool whose pattern backtracks for ever
-- expect: error component.timeout
local parameters = { type = "object", properties = { text = { type = "string", pattern = "^(a+)+$" } } }
Tool.register { name = "slow", description = "slow", parameters = parameters, execute = function() return "ran" end }
return Tool.execute("slow", { text = ("a"):rep(50) .. "b" })
