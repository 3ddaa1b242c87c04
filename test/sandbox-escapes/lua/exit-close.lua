-- attack: os.exit with a __close that loops ends the script and only the script
-- expect: exit 7
local x <close> = setmetatable({}, { __close = function() while true do end end })
os.exit(7)
