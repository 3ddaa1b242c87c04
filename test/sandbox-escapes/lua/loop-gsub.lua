-- attack: a replacement function that loops
-- expect: timeout
-- with: timeout=400
("x"):gsub("x", function() while true do end end)
