-- attack: running out of memory again and again, caught each time
-- expect: timeout
-- with: timeout=400 memory=32
while true do
  pcall(function() local s = "x" while true do s = s .. s end end)
end
