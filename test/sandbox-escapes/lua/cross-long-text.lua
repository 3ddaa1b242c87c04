-- attack: a text of a hundred million bytes
-- expect: value true
-- with: memory=512
local ok, message = pcall(Tool.execute, "calculator", { expression = ("1+"):rep(50000000) })
return ok == false or message.success == false
