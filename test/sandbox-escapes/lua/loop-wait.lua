-- attack: a sleep in the kernel
-- expect: timeout
-- with: timeout=400
Tool.register { name = "again", description = "asks itself", execute = function(given) return Tool.execute("calculator", { expression = "1" }) end }
while true do Tool.execute("again", {}) end
