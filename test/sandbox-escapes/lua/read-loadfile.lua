-- attack: loading it
-- expect: error permission.read
print(loadfile("/etc/passwd"))
