-- attack: raising a function
-- expect: error script.error
error(print)
