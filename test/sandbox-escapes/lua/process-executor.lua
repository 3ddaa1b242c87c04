-- attack: a program through a tool without a grant
-- expect: value "refused"
local ok, result = pcall(Tool.execute, "process-executor", { command = "id", executable = "id", arguments = {} })
return (not ok or result.success == false) and "refused" or result
