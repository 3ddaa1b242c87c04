-- attack: JSON of a hundred thousand levels
-- expect: error value.too_deep
return JSON.parse(("["):rep(100000) .. ("]"):rep(100000))
