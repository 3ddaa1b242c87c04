-- attack: numbers that JSON does not know
-- expect: value "[null,null,null,-0.0,-9223372036854775808]"
return JSON.stringify { 0 / 0, 1 / 0, -1 / 0, -0.0, math.mininteger }
