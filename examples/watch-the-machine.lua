-- How the machine is doing: processors, memory, disks. Nothing of it needs a grant; what processes were called with does.
--
--   llmspell run examples/watch-the-machine.lua
--
-- Prints whether the figures make sense, which are different everywhere, and what is not shown.

local memory = Tool.execute("system-monitor", { operation = "memory" }).result
print("memory adds up:", memory.used_memory_bytes + memory.available_memory_bytes == memory.total_memory_bytes)

local cpu = Tool.execute("system-monitor", { operation = "cpu", sample_ms = 50 }).result
print("a figure per core:", #cpu.cpu_per_core == cpu.cpu_count)

local all = Tool.execute("system-monitor", { operation = "all", metrics = { "load", "uptime" } }).result
print("has been up for a while:", all.uptime_seconds > 0)

local ok, problem = pcall(Tool.execute, "system-monitor", { operation = "processes", arguments = true })
print("command lines shown:", ok)
print(tostring(problem):match("what processes were called with is not granted"))
