-- attack: copying what may not be read
-- expect: error permission.read
return Tool.execute("file-operations", { operation = "copy", from_path = "link.txt", source_path = "link.txt", to_path = "copy.txt", target_path = "copy.txt", path = "link.txt", destination = "copy.txt" })
