-- attack: table.move over a gap
-- expect: stopped
-- with: timeout=400
table.move({ 1 }, 1, 1 << 50, 2)
