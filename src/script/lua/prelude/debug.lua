-- `Debug.dump` and stack traces: what needs to see Lua's own types.
local host = ...
local Debug = host.debug

local presets = {
  dump = { max_depth = 10, indent_size = 2, max_string_length = 200, max_array_elements = 50, max_table_pairs = 50, show_types = true },
  compact = { max_depth = 3, indent_size = 0, max_string_length = 50, max_array_elements = 10, max_table_pairs = 10, compact_mode = true },
  verbose = { max_depth = 20, indent_size = 4, max_string_length = 1000, max_array_elements = 200, max_table_pairs = 200, show_types = true, show_addresses = true },
}

local function scalar(value, options)
  local kind = math.type(value) == "integer" and "integer" or type(value)
  if kind == "string" then
    local text = #value > options.max_string_length and value:sub(1, options.max_string_length) .. "..." or value
    local shown = ("%q"):format(text):gsub("\\\n", "\\n")
    return options.show_types and ("%s (string, %d chars)"):format(shown, #value) or shown
  end
  if kind == "nil" or kind == "boolean" then return tostring(value) end
  if kind == "integer" or kind == "number" then
    return options.show_types and ("%s (%s)"):format(tostring(value), kind) or tostring(value)
  end
  return "<" .. (options.show_addresses and tostring(value) or kind) .. ">"
end

local function sorted_keys(value)
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) == type(b) and (type(a) == "number" or type(a) == "string") then return a < b end
    return type(a) < type(b)
  end)
  return keys
end

local write

local function entries(value, options, depth, seen)
  local lines, count = {}, 0
  local is_array = #value > 0
  local keys = is_array and value or sorted_keys(value)
  local limit = is_array and options.max_array_elements or options.max_table_pairs
  for i = 1, #keys do
    count = count + 1
    if count > limit then
      lines[#lines + 1] = "... " .. (#keys - limit) .. " more"
      break
    end
    local key = is_array and i or keys[i]
    local name = is_array and (options.compact_mode and "" or "[" .. i .. "] = ") or tostring(key) .. " = "
    lines[#lines + 1] = name .. write(value[key], options, depth + 1, seen)
  end
  return lines, #keys, is_array
end

function write(value, options, depth, seen)
  if type(value) ~= "table" then return scalar(value, options) end
  if seen[value] then return "<circular reference to depth " .. seen[value] .. ">" end
  if depth > options.max_depth then return "..." end
  seen[value] = depth
  local lines, count, is_array = entries(value, options, depth, seen)
  seen[value] = nil
  local open, close = is_array and "[" or "{", is_array and "]" or "}"
  if options.compact_mode then return open .. table.concat(lines, ", ") .. close end
  local head = options.show_types and ("%s (%s, %d %s)"):format(open, is_array and "array" or "table", count, is_array and "elements" or "pairs") or open
  if count == 0 then return head .. close end
  local pad = (" "):rep(options.indent_size * (depth + 1))
  return head .. "\n" .. pad .. table.concat(lines, ",\n" .. pad) .. "\n" .. (" "):rep(options.indent_size * depth) .. close
end

local function dump(value, preset, overrides, label)
  local options = setmetatable(type(overrides) == "table" and overrides or {}, { __index = preset })
  local text = write(value, options, 0, {})
  if label == nil then return text end
  return tostring(label) .. ":" .. (options.compact_mode and " " or "\n") .. text
end

function Debug.dump(value, label, more)
  if type(label) == "table" then return dump(value, presets.dump, label, more) end
  return dump(value, presets.dump, nil, label)
end
function Debug.dumpCompact(value, label) return dump(value, presets.compact, nil, label) end
function Debug.dumpVerbose(value, label) return dump(value, presets.verbose, nil, label) end
function Debug.dumpWithOptions(value, options, label) return dump(value, presets.dump, options, label) end
Debug.dump_compact, Debug.dump_verbose, Debug.dump_with_options = Debug.dumpCompact, Debug.dumpVerbose, Debug.dumpWithOptions

local function frames(options)
  options = options or {}
  local all, level = host.frames(), Debug.getLevel and Debug.getLevel() or "INFO"
  local limit = options.max_depth or (level == "ERROR" and 20 or 50)
  local capture = options.capture_locals
  if capture == nil then capture = level == "TRACE" end
  local shown = {}
  -- The two innermost are this function and the one that was asked.
  for i = 3, math.min(#all, limit + 2) do
    if not capture then all[i].locals = nil end
    shown[#shown + 1] = all[i]
  end
  return shown, limit, #all - 2 > limit
end

function Debug.stackTrace(options)
  local lines = { "Stack trace:" }
  for i, frame in ipairs((frames(options))) do
    local name = frame.name or (frame.what == "main" and "main chunk") or "?"
    lines[#lines + 1] = ("  #%d: in function '%s' (%s:%d)"):format(i - 1, name, frame.source, frame.line)
    for key, value in pairs(frame.locals or {}) do lines[#lines + 1] = "      " .. key .. " = " .. value end
  end
  return table.concat(lines, "\n")
end

function Debug.stackTraceJson(options)
  local shown, limit, truncated = frames(options)
  return JSON.stringify { frames = shown, max_depth = limit, truncated = truncated }
end
Debug.stack_trace, Debug.stack_trace_json = Debug.stackTrace, Debug.stackTraceJson

-- Timers: the host measures; the object here only knows which timer it is.
local timer_action = host.timer
if timer_action then
  local Timer = {}
  Timer.__index = Timer
  Timer.__name = "timer"
  Timer.__metatable = false

  local function id_of(timer, name)
    local id = type(timer) == "table" and timer.id
    if not id then error("bad self for '" .. name .. "' (call timer methods with ':')", 3) end
    return id
  end

  function Timer:stop() return timer_action("stop", id_of(self, "stop")) end
  function Timer:elapsed() return timer_action("elapsed", id_of(self, "elapsed")) end
  function Timer:lap(name) return timer_action("lap", id_of(self, "lap"), name) end

  function Debug.timer(name)
    return setmetatable({ id = timer_action("start", name) }, Timer)
  end
end
