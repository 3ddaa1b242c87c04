-- attack: raising sixty megabytes of text to the host
-- expect: error script.error
-- with: memory=256
error(("x"):rep(20000000))
