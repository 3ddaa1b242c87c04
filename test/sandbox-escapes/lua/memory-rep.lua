-- attack: string.rep
-- expect: error limit.memory
-- with: memory=32
return ("x"):rep(1 << 30)
