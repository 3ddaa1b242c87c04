-- attack: text that is not UTF-8, lone surrogates, NUL
-- expect: value [4,3,"kept"]
State.save("global", "bytes", "\255\254\0x")
print("\255\254", "\xed\xa0\x80")
io.write("\255\n")
pcall(error, "\255")
local surrogate = JSON.parse('"\\ud800"')
return { #State.load("global", "bytes"), #surrogate, "kept" }
