-- attack: raising a coroutine
-- expect: error script.error
error(coroutine.create(print))
