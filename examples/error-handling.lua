-- What fails raises an error. pcall catches its message, Debug.last_error() has its code, hint and details.
--
--   llmspell run examples/error-handling.lua
--
-- Prints how three calls fail. None of them ends the spell.

local function try(what, call, ...)
  local ok, message = pcall(call, ...)
  if ok then return print(what .. ": no error") end
  print(what .. ": " .. message)
  print("  code: " .. Debug.last_error().code)
end

try("a tool that is not there", Tool.execute, "crystal-ball", {})
try("a wrong parameter", Tool.execute, "file-operations", { operation = "tidy", path = "." })
try("a file that is not granted", Tool.execute, "file-operations", { operation = "read", path = "/etc/passwd" })

-- A tool that worked without success says so in its result instead of raising.
Tool.register({
  name = "lottery",
  description = "Draws a lot",
  execute = function() return { success = false, error = "no luck today" } end,
})
local draw = Tool.execute("lottery")
print("a lot without luck: success is " .. tostring(draw.success) .. ", error is '" .. draw.error .. "'")
