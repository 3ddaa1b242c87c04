-- attack: an __index that loops
-- expect: timeout
-- with: timeout=400
return setmetatable({}, { __index = function() while true do end end }).x
