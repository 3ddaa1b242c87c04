-- attack: hosts that are not granted
-- expect: error permission.net
return Tool.execute("http-requester", { method = "GET", url = "http://127.0.0.1:1/", input = "http://127.0.0.1:1/" })
