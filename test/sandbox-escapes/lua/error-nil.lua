-- attack: raising nothing
-- expect: error script.error
error(nil)
