import { memberCase as is, type MemberCase } from './case.js';

const calc = 'Tool.execute("calculator", { input = "1+1" })';
const calcJs = 'Tool.execute("calculator", { input: "1+1" })';

/** What each member of `Hook` does. */
export const HOOK_CASES: readonly MemberCase[] = [
  is(
    'Hook.register',
    ['high', 'normal', 'true', 'hook.invalid_point', 'hook.cancelled no'],
    `Hook.register("BeforeToolExecution", function() print("normal") end)\nHook.register("BeforeToolExecution", function() print("high") return "continue" end, "high")\nprint(${calc}.success)\npcall(Hook.register, "InvalidHookPoint", function() end)\nprint(Debug.last_error().code)\nHook.register("BeforeToolExecution", function(ctx) return { type = "cancel", reason = "no" } end, "highest")\npcall(Tool.execute, "calculator", { input = "1+1" })\nprint(Debug.last_error().code, Debug.last_error().details.reason)`,
    `Hook.register("BeforeToolExecution", () => { print("normal"); });\nHook.register("BeforeToolExecution", () => { print("high"); return "continue"; }, "high");\nprint(${calcJs}.success);\ntry { Hook.register("InvalidHookPoint", () => {}); } catch (e) { print(e.code); }\nHook.register("BeforeToolExecution", () => ({ type: "cancel", reason: "no" }), "highest");\ntry { ${calcJs}; } catch (e) { print(e.code, e.details.reason); }`,
  ),
  is(
    'Hook.unregister',
    ['true false', 'input.invalid'],
    'local h = Hook.register("ToolError", function() end)\nprint(Hook.unregister(h), Hook.unregister(h))\npcall(Hook.unregister, "not_a_handle")\nprint(Debug.last_error().code)',
    'const h = Hook.register("ToolError", () => {});\nprint(Hook.unregister(h), Hook.unregister(h));\ntry { Hook.unregister("not_a_handle"); } catch (e) { print(e.code); }',
  ),
  is(
    'Hook.list',
    ['2 1 1 0', 'Priority(-100) high true'],
    'Hook.register("BeforeAgentInit", function() end, "high")\nHook.register("ToolError", function() end)\nprint(#Hook.list(), #Hook.list("ToolError"), #Hook.list({ priority = "high" }), #Hook.list({ priority = "nonsense" }))\nlocal first = Hook.list()[1]\nprint(first.priority, first.priority_name, first.enabled)',
    'Hook.register("BeforeAgentInit", () => {}, "high");\nHook.register("ToolError", () => {});\nprint(Hook.list().length, Hook.list("ToolError").length, Hook.list({ priority: "high" }).length, Hook.list({ priority: "nonsense" }).length);\nconst first = Hook.list()[0];\nprint(first.priority, first.priority_name, first.enabled);',
  ),
  is(
    'Hook.disable',
    ['0', 'hook.not_found'],
    `local n = 0\nlocal h = Hook.register("AfterToolExecution", function() n = n + 1 end)\nHook.disable(h:id())\n${calc}\nprint(n)\npcall(Hook.disable, "nobody")\nprint(Debug.last_error().code)`,
    `let n = 0;\nconst h = Hook.register("AfterToolExecution", () => { n++; });\nHook.disable(h.id());\n${calcJs};\nprint(n);\ntry { Hook.disable("nobody"); } catch (e) { print(e.code); }`,
  ),
  is(
    'Hook.enable',
    ['1'],
    `local n = 0\nlocal h = Hook.register("AfterToolExecution", function() n = n + 1 end)\nHook.disable(h:id())\n${calc}\nHook.enable(h:id())\n${calc}\nprint(n)`,
    `let n = 0;\nconst h = Hook.register("AfterToolExecution", () => { n++; });\nHook.disable(h.id());\n${calcJs};\nHook.enable(h.id());\n${calcJs};\nprint(n);`,
  ),
  is(
    'Hook.stats',
    ['1 0 closed', '1'],
    `local h = Hook.register("AfterToolExecution", function() end)\n${calc}\nlocal s = Hook.stats(h:id())\nprint(s.calls, s.failures, s.breaker)\nh:unregister()\nprint(h:stats().calls)`,
    `const h = Hook.register("AfterToolExecution", () => {});\n${calcJs};\nconst s = Hook.stats(h.id());\nprint(s.calls, s.failures, s.breaker);\nh.unregister();\nprint(h.stats().calls);`,
  ),
  is(
    'Hook.enable_builtin',
    ['true true false'],
    'Hook.enable_builtin("RateLimiter", { capacity = 2, refill_per_second = 0.001 })\nlocal ok = {}\nfor i = 1, 3 do ok[i] = tostring((pcall(Tool.execute, "calculator", { input = "1+1" }))) end\nprint(table.concat(ok, " "))',
    `Hook.enableBuiltin("RateLimiter", { capacity: 2, refill_per_second: 0.001 });\nprint([1, 2, 3].map(() => { try { ${calcJs}; return true; } catch { return false; } }).join(" "));`,
  ),
  is(
    'Hook.disable_builtin',
    ['true false', 'hook.not_found'],
    'Hook.enable_builtin("logging")\nprint(Hook.disable_builtin("logging"), Hook.disable_builtin("logging"))\npcall(Hook.disable_builtin, "nothing")\nprint(Debug.last_error().code)',
    'Hook.enableBuiltin("logging");\nprint(Hook.disableBuiltin("logging"), Hook.disableBuiltin("logging"));\ntry { Hook.disableBuiltin("nothing"); } catch (e) { print(e.code); }',
  ),
  is(
    'Hook.builtins',
    ['11 metrics true'],
    'Hook.enable_builtin("metrics")\nlocal all = Hook.builtins()\nfor _, one in ipairs(all) do if one.enabled then print(#all, one.name, one.enabled) end end',
    'Hook.enableBuiltin("metrics");\nconst all = Hook.builtins();\nfor (const one of all) if (one.enabled) print(all.length, one.name, one.enabled);',
  ),
  is(
    'Hook.builtin_report',
    ['true', '1'],
    `print(Hook.builtin_report("metrics") == nil)\nHook.enable_builtin("metrics")\n${calc}\nprint(Hook.builtin_report("metrics")["tool:calculator"].calls)`,
    `print(Hook.builtinReport("metrics") === null);\nHook.enableBuiltin("metrics");\n${calcJs};\nprint(Hook.builtinReport("metrics")["tool:calculator"].calls);`,
  ),
  is('Hook.points', ['43'], 'print(#Hook.points())', 'print(Hook.points().length);'),
  is(
    'Hook.fire',
    ['2', 'hook.invalid_point'],
    'Hook.register("custom:price", function(ctx) return { type = "modified", data = { value = ctx.data.value * 2 } } end)\nprint(Hook.fire("custom:price", { value = 1 }).value)\npcall(Hook.fire, "ToolError", {})\nprint(Debug.last_error().code)',
    'Hook.register("custom:price", (ctx) => ({ type: "modified", data: { value: ctx.data.value * 2 } }));\nprint(Hook.fire("custom:price", { value: 1 }).value);\ntry { Hook.fire("ToolError", {}); } catch (e) { print(e.code); }',
  ),
];
