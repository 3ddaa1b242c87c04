-- attack: a callback of a tool whose coroutine is long gone
-- expect: value "fine"
coroutine.wrap(function()
  Tool.register { name = "mine", description = "mine", execute = function() return "fine" end }
end)()
collectgarbage()
collectgarbage()
return Tool.execute("mine", {}).text
