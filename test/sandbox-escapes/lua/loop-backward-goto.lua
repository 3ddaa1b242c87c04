-- attack: a loop of gotos
-- expect: timeout
-- with: timeout=400
::again:: goto again
