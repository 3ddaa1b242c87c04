-- attack: message handlers that loop inside a loop of xpcalls
-- expect: timeout
-- with: timeout=400
while true do
  xpcall(function() while true do end end, function() while true do end end)
end
