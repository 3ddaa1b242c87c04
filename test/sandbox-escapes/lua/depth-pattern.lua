-- attack: patterns nested very deeply
-- expect: value "no crash"
pcall(string.find, ("x"):rep(300000), ("(.-)"):rep(33) .. "b")
pcall(string.find, "x", ("("):rep(100000))
pcall(string.find, ("a"):rep(300000), ("a?"):rep(100000) .. "b")
pcall(string.rep, "x", -1)
pcall(string.gsub, "x", "%f[", "")
pcall(string.find, "x", "[" .. ("a-"):rep(100000))
return "no crash"
