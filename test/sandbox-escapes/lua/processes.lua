-- attack: starting programs
-- expect: value ["permission","io.popen",false]
local _, run = pcall(os.execute, "touch pwned")
local _, popen = pcall(io.popen, "id")
local written = io.open("pwned")
return { run:lower():match("permission"), popen:match("io%.popen"), written ~= nil }
