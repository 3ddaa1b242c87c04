-- attack: warnings go to stderr and nowhere else
-- expect: value 1
warn("@on")
warn("careful")
return 1
