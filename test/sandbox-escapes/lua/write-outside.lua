-- attack: writing, moving and deleting outside the granted folder
-- expect: value "refused"
local outside = ARGS[1]
local attempts = {
  function() return io.open(outside .. "/new.txt", "w") end,
  function() return io.open("linked/new.txt", "w") end,
  function() return io.open("link.txt", "w") end,
  function() return io.open("link.txt", "a") end,
  function() return io.open("link.txt", "r+") end,
  function() return os.rename("note.txt", outside .. "/note.txt") end,
  function() return os.rename("link.txt", "stolen.txt") and io.open("stolen.txt"):read("a") end,
  function() return os.remove(outside .. "/secret.txt") end,
  function() return os.remove("linked/secret.txt") end,
  function() return Tool.execute("file-operations", { operation = "write", path = "linked/new.txt", input = "x" }) end,
  function() return Tool.execute("file-operations", { operation = "create_dir", path = outside .. "/new" }) end,
  function() return Tool.execute("file-operations", { operation = "delete", path = "linked/secret.txt" }) end,
}
for i, attempt in ipairs(attempts) do
  local ok, result = pcall(attempt)
  if ok and result and not (type(result) == "table" and result.success == false) then return i end
end
return "refused"
