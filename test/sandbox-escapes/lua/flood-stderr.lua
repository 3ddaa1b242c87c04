-- attack: writing to stderr without end
-- expect: timeout
-- with: timeout=1500 grows=400
while true do io.stderr:write("x\n") end
