-- attack: os.exit inside a coroutine ends the script and only the script
-- expect: exit 7
coroutine.wrap(function() os.exit(7) end)()
while true do end
