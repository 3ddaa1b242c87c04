-- attack: logging without end
-- expect: timeout
-- with: timeout=1500 grows=400
while true do Debug.info("x") end
