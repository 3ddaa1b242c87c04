-- attack: finalizers that are left when the script ends do not run in the host
-- expect: value 1
-- with: timeout=400
setmetatable({}, { __gc = function() while true do end end })
return 1
