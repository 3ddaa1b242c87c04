-- attack: a message handler that loops
-- expect: timeout
-- with: timeout=400
xpcall(error, function() while true do end end)
