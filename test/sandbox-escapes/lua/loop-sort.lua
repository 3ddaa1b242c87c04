-- attack: a comparator that loops
-- expect: timeout
-- with: timeout=400
table.sort({ 3, 2, 1 }, function() while true do end end)
