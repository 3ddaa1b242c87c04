-- attack: the registry and the originals behind the wrappers cannot be reached
-- expect: value "out of reach"
-- `host` and the raw functions are upvalues; without `debug` nothing lists them.
local seen, found = {}, "out of reach"
local function walk(value, path)
  if type(value) == "function" and path:find("host") then found = path end
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for key, inner in next, value do
    walk(key, path .. ".key")
    walk(inner, path .. "." .. tostring(key))
  end
  walk(getmetatable(value), path .. ".meta")
end
walk(_G, "_G")
walk(getmetatable(""), "string.meta")
walk(getmetatable(io.stdout), "file.meta")
local co = coroutine.create(function() local x = coroutine.running() coroutine.yield(x) end)
walk(select(2, coroutine.resume(co)), "thread")
if host ~= nil or load("return host")() ~= nil then found = "host is a global" end
return found
