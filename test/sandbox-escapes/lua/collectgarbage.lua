-- attack: options of the collector
-- expect: value "no crash"
for _, option in ipairs { "stop", "restart", "step", "generational", "incremental", "isrunning", "setpause", "setstepmul", "nonsense" } do
  pcall(collectgarbage, option, -1, 1 << 40, 0 / 0)
end
collectgarbage("stop")
for i = 1, 10000 do local garbage = { {} } end
collectgarbage("restart")
return "no crash"
