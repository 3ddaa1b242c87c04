-- attack: a registered tool that loops and swallows the interrupt
-- expect: timeout
-- with: timeout=400
Tool.register { name = "loop", description = "loops", execute = function() while true do pcall(function() while true do end end) end end }
while true do pcall(Tool.execute, "loop", {}) end
