-- The parts of the globals that are written in the language itself: builders and streams.
local host = ...

-- A builder gathers plain data and crosses once, when it is finished.
local data_of = setmetatable({}, { __mode = "k" })

local function setter(name, rule)
  return function(builder, value, ...)
    local data = data_of[builder]
    if not data then error("bad self for '" .. name .. "' (call builder methods with ':')", 2) end
    if rule.action == "append" then
      local list = data[rule.key] or {}
      list[#list + 1] = value
      data[rule.key] = list
    elseif rule.action == "fix" then
      data[rule.key] = rule.value
    else
      data[rule.key] = value
    end
    return builder
  end
end

local function finisher(name, member)
  return function(builder)
    local data = data_of[builder]
    if not data then error("bad self for '" .. name .. "' (call builder methods with ':')", 2) end
    return host.call(member, data)
  end
end

function host.builder(binding)
  local methods = {}
  for name, rule in pairs(binding.setters) do methods[name] = setter(name, rule) end
  for name, member in pairs(binding.finish) do methods[name] = finisher(name, member) end
  for alias, name in pairs(binding.aliases) do methods[alias] = methods[name] end
  local meta = { __index = methods, __name = "builder", __metatable = false }
  return function(initial)
    local builder, data = setmetatable({}, meta), {}
    for key, value in pairs(type(initial) == "table" and initial or {}) do data[key] = value end
    data_of[builder] = data
    return builder
  end
end

-- Streams: a coroutine seen as a sequence.
local Stream = {}
Stream.__index = Stream
Stream.__name = "stream"

function Stream:next()
  if self._done then return nil end
  local ok, value = coroutine.resume(self._coroutine)
  if coroutine.status(self._coroutine) == "dead" then self._done = true end
  if not ok then error(value, 0) end
  return value
end

function Stream:isDone() return self._done end
Stream.is_done = Stream.isDone

function Stream:collect()
  local items = {}
  while not self._done do
    local ok, value = pcall(Stream.next, self)
    if not ok then break end
    if value ~= nil then items[#items + 1] = value end
  end
  return items
end

function Stream:each(visit)
  while not self._done do
    local value = self:next()
    if value ~= nil then visit(value) end
  end
end

Streaming = Streaming or {}
function Streaming.create(body)
  if type(body) ~= "function" then error("bad argument #1 to 'Streaming.create' (function expected, got " .. type(body) .. ")", 2) end
  return setmetatable({ _coroutine = coroutine.create(body), _done = false }, Stream)
end
Streaming.yield = coroutine.yield

Logger, Utils = {}, {}

for global, members in pairs(host.builders) do
  for member, binding in pairs(members) do _G[global][member] = host.builder(binding) end
end
