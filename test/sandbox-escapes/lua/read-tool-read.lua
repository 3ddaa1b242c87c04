-- attack: reading through a tool
-- expect: error permission.read
return Tool.execute("file-operations", { operation = "read", path = "/etc/passwd" })
