-- Hooks that look at what tools do, change it and refuse it.
-- Run it like this; it prints what the hooks saw and did.
--   llmspell run examples/hooks.lua
Hook.register("BeforeToolExecution", function(ctx)
  print("before", ctx.component_id.name)
end, "high")

Hook.register("BeforeToolExecution", function(ctx)
  local input = ctx.data.input.input
  if input:find("/ 0", 1, true) then return { type = "cancel", reason = "nobody divides by zero here" } end
  return { type = "modified", data = { input = { input = input:gsub("x", "*") } } }
end)

print(Tool.execute("calculator", { input = "6 x 7" }).result.result)
print(select(2, pcall(Tool.execute, "calculator", { input = "1 / 0" })))

Hook.enable_builtin("metrics")
Tool.execute("calculator", { input = "1 + 1" })
print("counted", Hook.builtin_report("metrics")["tool:calculator"].calls)
