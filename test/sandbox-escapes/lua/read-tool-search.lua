-- attack: searching where nothing is granted
-- expect: error permission.read
return Tool.execute("file-search", { operation = "search", pattern = "root", path = "/etc" })
