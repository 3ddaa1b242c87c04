-- attack: leaving it by a symbolic link
-- expect: error permission.read
print(io.open("link.txt"):read("a"))
