-- attack: require gives the guarded libraries, not the real ones
-- expect: value true
for _, name in ipairs { "io", "os", "package", "string", "table", "coroutine", "_G" } do
  local wanted = name == "_G" and _G or _G[name]
  if require(name) ~= wanted or package.loaded[name] ~= wanted then return name end
end
return package.loaded.debug == nil
