-- attack: an absolute path outside
-- expect: error permission.read
print(io.open(ARGS[1] .. "/secret.txt"):read("a"))
