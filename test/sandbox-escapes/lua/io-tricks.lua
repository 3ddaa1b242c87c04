-- attack: file handles that are not what they seem
-- expect: value "refused"
local File = getmetatable(io.stdout)
for i, attempt in ipairs {
  function() return File.read({ path = "/etc/passwd" }, "a") end,
  function() return File.read(setmetatable({ path = "/etc/passwd", readable = true, data = "" }, File), "a") end,
  function() local f = io.open("note.txt") f.path = "/etc/passwd" f:close() return f:read("a") end,
  function() return io.open("note.txt", "rw") end,
  function() return io.open("note.txt", "r", "/etc/passwd") and io.open({ "note.txt" }) end,
  function() return io.lines("note.txt", 0 / 0)() and io.open(nil) end,
} do
  if pcall(attempt) then return i end
end
return "refused"
