-- attack: the environment of the host's process
-- expect: error permission.read
print(io.open("/proc/self/environ"):read("a"))
