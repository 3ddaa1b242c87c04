-- attack: reading it line by line
-- expect: error permission.read
for line in io.lines("/etc/passwd") do print(line) end
