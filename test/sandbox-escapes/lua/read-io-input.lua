-- attack: reading it as standard input
-- expect: error permission.read
io.input("/etc/passwd") print(io.read("a"))
