-- attack: os.exit inside a callback of the kernel ends the script and only the script
-- expect: exit 7
Tool.register { name = "q", description = "quits", execute = function() os.exit(7) end }
pcall(Tool.execute, "q", {})
while true do end
