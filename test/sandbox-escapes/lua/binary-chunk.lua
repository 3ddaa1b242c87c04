-- attack: precompiled code, which the machine does not verify
-- expect: value "refused"
local dumped = string.dump(function() return "ran" end)
local crafted = dumped:gsub("ran", "RAN")
local function feeder(text) local done = false return function() if not done then done = true return text end end end
for _, chunk in ipairs { dumped, crafted, "\27Lua", "\27LuaT\0\25\147" } do
  for _, mode in ipairs { "b", "bt", "t", "anything" } do
    for _, code in ipairs { chunk, feeder(chunk) } do
      local made = load(code, "x", mode)
      if made then return "loaded with mode " .. mode end
    end
  end
  if load(chunk) then return "loaded" end
  local file = assert(io.open("chunk.lua", "w"))
  file:write(chunk):close()
  for _, loader in ipairs { loadfile, dofile, function() return require("chunk") end } do
    local ok, made = pcall(loader, "chunk.lua")
    if ok and made then return "loaded from a file" end
  end
end
os.remove("chunk.lua")
return "refused"
