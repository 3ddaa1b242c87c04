-- Which services are there? One that is not is a result; one that is not granted is an error.
--
--   llmspell run examples/check-services.lua --allow-net=localhost
--
-- Prints a line per check, and what happens to a check of a host that is not granted.

local report = Tool.execute("service-checker", {
  operation = "batch",
  targets = {
    { target = "localhost", check_type = "dns" },
    { target = "localhost:1", check_type = "tcp" },
  },
})
for _, check in ipairs(report.result.results) do
  print(check.check_type, check.target, check.available and "available" or "not available")
end

local ok, problem = pcall(Tool.execute, "service-checker", { target = "example.com:443", check_type = "tls" })
print("checked example.com:", ok)
print(tostring(problem):match("Host blocked: example.com:443"))
