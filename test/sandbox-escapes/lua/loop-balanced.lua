-- attack: a pattern that is quadratic in a long text
-- expect: killed
-- with: timeout=400
return (("("):rep(1000000)):match("%b()")
