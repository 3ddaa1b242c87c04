-- attack: os.exit with a handler that goes on ends the script and only the script
-- expect: exit 7
xpcall(os.exit, function() while true do end end, 7)
while true do end
