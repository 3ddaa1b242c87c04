-- attack: a registered tool that loops
-- expect: timeout
-- with: timeout=400
Tool.register { name = "loop", description = "loops", execute = function() while true do end end }
Tool.execute("loop", {})
