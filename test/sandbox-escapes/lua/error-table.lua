-- attack: raising a table
-- expect: error script.error
error({ code = 1 })
