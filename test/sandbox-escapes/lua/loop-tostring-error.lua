-- attack: an error value whose __tostring loops
-- expect: timeout
-- with: timeout=400
error(setmetatable({}, { __tostring = function() while true do end end }))
