-- attack: functions handed out and never given back
-- expect: error limit.memory
-- with: timeout=60000 grows=500
while true do Tool.exists("calculator", function() end) end
