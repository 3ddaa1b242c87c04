-- attack: a callback that yields out of the kernel
-- expect: error script.error
Tool.register { name = "y", description = "yields", execute = function() coroutine.yield(1) end }
return coroutine.wrap(function() return Tool.execute("y", {}) end)()
