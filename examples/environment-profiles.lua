-- Variables in a profile: kept apart from the process, filled into templates, given to programs. Secrets stay masked.
--
--   llmspell run examples/environment-profiles.lua --allow-run=printenv --allow-env=HOME
--
-- Prints a filled-in template, a profile as a .env file, what a program sees, and whether a granted variable is set.

local function keep(input)
  input.profile = "app"
  return Tool.execute("environment-manager", input)
end

keep { operation = "set", variables = { HOST = "localhost", PORT = 8080, API_KEY = "not-for-your-eyes" } }
print(keep { operation = "expand", template = "http://${HOST}:${PORT}/?debug=${DEBUG:-no}" }.text)
io.write(keep { operation = "export" }.text)

local seen = Tool.execute("process-executor", {
  executable = "printenv",
  arguments = { "PORT", "API_KEY" },
  environment_profile = "app",
})
io.write(seen.result.stdout)

local home = Tool.execute("environment-reader", { operation = "exists", variable_name = "HOME" })
print("HOME is set:", home.result.exists)
