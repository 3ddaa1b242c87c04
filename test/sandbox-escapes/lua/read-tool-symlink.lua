-- attack: reading a symbolic link through a tool
-- expect: error permission.read
return Tool.execute("file-operations", { operation = "read", path = "link.txt" })
