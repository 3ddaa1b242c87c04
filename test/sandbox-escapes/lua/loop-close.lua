-- attack: a __close that loops
-- expect: timeout
-- with: timeout=400
do local x <close> = setmetatable({}, { __close = function() while true do end end }) end
