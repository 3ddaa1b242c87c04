-- attack: an error in the message handler, again and again
-- expect: value false
local function handler() error("again") end
return (xpcall(error, handler))
