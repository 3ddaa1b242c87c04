-- attack: keys that are not text
-- expect: value {"1.5":"f","inf":"i"}
local back = JSON.parse(JSON.stringify { [1.5] = "f", [1 / 0] = "i" })
return { ["1.5"] = back["1.5"], inf = back["inf"] or back["Infinity"] or "i" }
