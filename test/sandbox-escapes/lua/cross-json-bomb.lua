-- attack: JSON whose objects take twenty times the memory of its text
-- expect: error value.too_large
-- with: memory=256
return JSON.parse("[" .. ("{},"):rep(6000000) .. "{}]")
