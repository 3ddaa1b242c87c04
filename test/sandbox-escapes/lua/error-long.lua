-- attack: raising sixty megabytes of text
-- expect: value 60000000
-- with: memory=256
local ok, message = pcall(error, ("x"):rep(60000000), 0)
return #message
