-- attack: a tool that calls itself
-- expect: error limit.stack
Tool.register { name = "again", description = "calls itself", execute = function(given) return Tool.execute("again", given) end }
return Tool.execute("again", {})
