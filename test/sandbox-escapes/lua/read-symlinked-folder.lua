-- attack: leaving it by a linked folder
-- expect: error permission.read
print(io.open("linked/secret.txt"):read("a"))
