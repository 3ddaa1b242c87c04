-- attack: a pattern that backtracks for ever
-- expect: killed
-- with: timeout=400
return (("a"):rep(30)):find((".-"):rep(14) .. "b")
