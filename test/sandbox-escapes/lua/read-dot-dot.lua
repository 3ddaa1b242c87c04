-- attack: leaving the granted folder by ..
-- expect: error permission.read
print(io.open("../outside/secret.txt"):read("a"))
