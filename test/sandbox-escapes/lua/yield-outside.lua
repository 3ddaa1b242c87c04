-- attack: a yield of the main chunk
-- expect: error script.error
coroutine.yield("where to?")
