-- attack: a __close that loops when its coroutine dies
-- expect: timeout
-- with: timeout=400
while true do
  coroutine.wrap(function()
    local x <close> = setmetatable({}, { __close = function() while true do end end })
    error("now")
  end)()
end
