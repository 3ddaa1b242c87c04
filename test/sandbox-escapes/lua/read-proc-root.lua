-- attack: the file system's root by another name
-- expect: error permission.read
print(io.open("/proc/self/root" .. ARGS[1] .. "/secret.txt"):read("a"))
