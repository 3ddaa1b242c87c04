-- attack: the hash seed and addresses tell nothing about the host
-- expect: value true
return tostring({}):match("^table: 0x%x+$") ~= nil and #tostring({}) < 20
