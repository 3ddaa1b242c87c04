-- attack: printing without end
-- expect: timeout
-- with: timeout=1500 grows=400
while true do print(("x"):rep(1000)) end
