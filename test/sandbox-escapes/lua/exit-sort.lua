-- attack: os.exit inside a comparator ends the script and only the script
-- expect: exit 7
table.sort({ 1, 2 }, function() os.exit(7) end)
while true do end
