-- attack: a format of string.pack
-- expect: error limit.memory
-- with: memory=32
return #string.pack("s4", ("x"):rep(1 << 26))
