-- attack: a device
-- expect: error permission.read
return #io.open("/dev/zero"):read(10)
