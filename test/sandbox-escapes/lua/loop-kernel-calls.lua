-- attack: calls of the kernel in a loop of pcalls
-- expect: timeout
-- with: timeout=400
while true do pcall(Tool.execute, "calculator", { expression = "1+1" }) end
