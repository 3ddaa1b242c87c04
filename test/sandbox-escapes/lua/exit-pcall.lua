-- attack: os.exit inside pcall ends the script and only the script
-- expect: exit 7
pcall(os.exit, 7)
while true do end
