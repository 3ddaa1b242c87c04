-- attack: a __tostring that loops under print
-- expect: timeout
-- with: timeout=400
print(setmetatable({}, { __tostring = function() while true do end end }))
