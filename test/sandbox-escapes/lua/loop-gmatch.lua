-- attack: many short matches
-- expect: timeout
-- with: timeout=400
while true do for word in ("a b c"):gmatch("%a+") do end end
