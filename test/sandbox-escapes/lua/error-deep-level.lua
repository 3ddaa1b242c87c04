-- attack: raising a level that does not exist
-- expect: error script.error
error("far away", 1000000)
