-- attack: os.exit inside a finalizer ends the script and only the script
-- expect: exit 7
setmetatable({}, { __gc = function() os.exit(7) end })
collectgarbage()
while true do end
