-- attack: raising a value whose __tostring raises
-- expect: error script.error
error(setmetatable({}, { __tostring = function() error("again") end }))
