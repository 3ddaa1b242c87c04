-- attack: reading a file that is not granted
-- expect: error permission.read
io.open("/etc/passwd")
