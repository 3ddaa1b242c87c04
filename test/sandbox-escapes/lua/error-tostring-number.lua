-- attack: raising a value whose __tostring gives no text
-- expect: error script.error
error(setmetatable({}, { __tostring = function() return 1 end }))
