-- attack: running code behind a linked folder
-- expect: error permission.read
print(dofile("linked/secret.lua"))
