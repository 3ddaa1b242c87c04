-- attack: a callback that resumes or closes the coroutine that waits for it
-- expect: value [false,false,"done"]
local co, resumed, closed
Tool.register { name = "bite", description = "bites", execute = function()
  resumed = coroutine.resume(co)
  closed = pcall(coroutine.close, co)
  return "done"
end }
co = coroutine.create(function() return Tool.execute("bite", {}).text end)
local _, text = coroutine.resume(co)
return { resumed, closed, text }
