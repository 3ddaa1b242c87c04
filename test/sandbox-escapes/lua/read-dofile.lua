-- attack: running it
-- expect: error permission.read
dofile("/etc/passwd")
