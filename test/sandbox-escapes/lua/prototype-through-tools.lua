-- attack: prototype pollution through the parameters of tools
-- expect: value true
Tool.register { name = "same", description = "gives back what it gets", execute = function(given) return given end }
local poison = { __proto__ = { polluted = 1 }, constructor = { prototype = { polluted = 1 } } }
Tool.execute("same", poison)
pcall(Tool.execute, "json-processor", { operation = "merge", input = "{}", merge_with = poison })
pcall(Tool.execute, "json-processor", { operation = "merge", input = { a = 1 }, with = poison, merge_with = poison })
pcall(Tool.execute, "template-creator", { template = "{{constructor.constructor}} {{__proto__}}", context = poison })
pcall(Config.set, "__proto__.polluted", 1)
pcall(Config.set, "constructor.prototype.polluted", 1)
pcall(Config.setProvider, "__proto__", { polluted = 1 })
return true
