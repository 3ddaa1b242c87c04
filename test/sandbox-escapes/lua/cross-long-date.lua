-- attack: a date of ten megabytes
-- expect: error input.invalid
-- with: memory=256 timeout=5000
return Tool.execute("datetime-handler", { operation = "parse", input = ("1 "):rep(5000000) })
