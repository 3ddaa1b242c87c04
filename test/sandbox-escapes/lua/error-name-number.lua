-- attack: raising a value whose __name is no text
-- expect: error script.error
error(setmetatable({}, { __name = 5 }))
