-- attack: a chunk reader that loops
-- expect: timeout
-- with: timeout=400
load(function() while true do end end)
