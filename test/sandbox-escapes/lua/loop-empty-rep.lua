-- attack: string.rep of nothing, very often
-- expect: killed
-- with: timeout=400
return string.rep("", 1 << 53)
