-- attack: a loop of pcalls that swallow the interrupt
-- expect: timeout
-- with: timeout=400
while true do pcall(function() while true do end end) end
