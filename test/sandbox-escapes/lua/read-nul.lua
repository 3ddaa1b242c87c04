-- attack: a path with a NUL byte
-- expect: error input.invalid
return io.open("note.txt\0.png")
