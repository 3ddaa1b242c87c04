-- attack: every other spelling of a file outside the folder
-- expect: value 0
local outside = ARGS[1]
local got = 0
for _, path in ipairs {
  "./../outside/secret.txt", "x/../../outside/secret.txt", "linked/../outside/secret.txt", "linked/./secret.txt", "//" .. outside .. "/secret.txt",
  outside .. "/./secret.txt", "file://" .. outside .. "/secret.txt", "%2e%2e/outside/secret.txt", "..%2foutside%2fsecret.txt", "..\\outside\\secret.txt",
  "~/../outside/secret.txt", "/proc/self/cwd/../outside/secret.txt", "/dev/fd/0", "/proc/self/fd/0", "/proc/self/maps", "/proc/1/environ", "note.txt/../../outside/secret.txt",
} do
  for _, open in ipairs {
    function() return io.open(path):read("a") end,
    function() return Tool.execute("file-operations", { operation = "read", path = path }).result.content end,
  } do
    local ok, text = pcall(open)
    if ok and text then got = got + 1 print(path, text) end
  end
end
return got
