-- attack: a loop
-- expect: timeout
-- with: timeout=400
while true do end
