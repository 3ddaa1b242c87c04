-- attack: widths and precisions of string.format are bounded
-- expect: value ["invalid","invalid",401]
-- with: memory=32
local _, wide = pcall(string.format, "%99999d", 1)
local _, precise = pcall(string.format, "%.99999f", 1)
return { wide:match("invalid"), precise:match("invalid"), #string.format("%99.99f", 1e300) }
