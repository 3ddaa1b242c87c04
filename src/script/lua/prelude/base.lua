-- The base environment: what replaces the parts of the standard library that would reach the host.
local host = ...

math.pow = math.pow or function(x, y) return x ^ y end

-- Only text is loaded: the virtual machine does not verify precompiled code.
local load_text = load
function load(chunk, name, mode, ...)
  if mode == "b" then return nil, "attempt to load a binary chunk (only text is loaded)" end
  if type(chunk) == "function" then
    local parts = {}
    for part in chunk do
      if part == nil or part == "" then break end
      parts[#parts + 1] = part
    end
    chunk = table.concat(parts)
  end
  if select("#", ...) == 0 then return load_text(chunk, name, "t") end
  return load_text(chunk, name, "t", (...))
end

function loadfile(path, mode, ...)
  local source, name = host.source(path or error("loadfile needs a path", 2))
  return load(source, "@" .. name, mode, ...)
end

function dofile(path)
  local chunk, message = loadfile(path)
  if not chunk then error(message, 0) end
  return chunk()
end

package = { loaded = {}, preload = {}, path = "./?.lua;./?/init.lua", cpath = "", config = "/\n;\n?\n!\n-\n" }
for _, name in ipairs { "string", "table", "math", "utf8", "coroutine" } do package.loaded[name] = _G[name] end
package.loaded._G = _G
package.loaded.package = package

function package.searchpath(name, path, sep, rep)
  sep, rep = sep or ".", rep or "/"
  local tried = {}
  local file = sep == "" and name or name:gsub(sep:gsub("%W", "%%%0"), (rep:gsub("%%", "%%%%")))
  for template in path:gmatch("[^;]+") do
    local candidate = template:gsub("?", (file:gsub("%%", "%%%%")))
    if host.exists(candidate) then return candidate end
    tried[#tried + 1] = "no file '" .. candidate .. "'"
  end
  return nil, table.concat(tried, "\n\t")
end

-- Modules are sought beside the script, then where `package.path` says.
local function module_path()
  local directory = host.directory()
  if not directory or directory:find("[?;]") then return package.path end
  return directory .. "/?.lua;" .. directory .. "/?/init.lua;" .. package.path
end

function require(name)
  local loaded = package.loaded[name]
  if loaded ~= nil then return loaded end
  local loader, where = package.preload[name], ":preload:"
  if not loader then
    local path, tried = package.searchpath(name, module_path())
    if not path then error("module '" .. name .. "' not found:\n\t" .. tried, 2) end
    local message
    loader, message = loadfile(path)
    if not loader then error("error loading module '" .. name .. "': " .. message, 2) end
    where = path
  end
  local value = loader(name, where)
  if value ~= nil then package.loaded[name] = value end
  if package.loaded[name] == nil then package.loaded[name] = true end
  return package.loaded[name], where
end

-- The engine has to know which coroutine runs, so that an interrupt reaches it.
local create, resume, status = coroutine.create, coroutine.resume, coroutine.status
local enter, leave, close = host.enter, host.leave, coroutine.close

local function left(...)
  leave()
  return ...
end

-- Only a coroutine that can run is entered: the engine must never take another one for the innermost.
local function enterable(co)
  if type(co) ~= "thread" then return false end
  local state = status(co)
  return state == "suspended" or state == "dead"
end

local function guarded_resume(co, ...)
  if not enterable(co) then return resume(co, ...) end
  enter(co)
  return left(resume(co, ...))
end
coroutine.resume = guarded_resume

local function guarded_close(co)
  if not enterable(co) then return close(co) end
  enter(co)
  return left(close(co))
end
coroutine.close = guarded_close

local function checked(co, ok, ...)
  if ok then return ... end
  if status(co) == "dead" then guarded_close(co) end
  error((...), 0)
end

function coroutine.wrap(body)
  local co = create(body)
  return function(...) return checked(co, guarded_resume(co, ...)) end
end

-- A message handler runs where the interrupt cannot reach, so none is run for the interrupt's own error.
local guarded, stopping = xpcall, host.stopping
function xpcall(body, handler, ...)
  if type(handler) ~= "function" then return guarded(body, handler, ...) end
  return guarded(body, function(...)
    if stopping() then return ... end
    return handler(...)
  end, ...)
end

-- `os`: the clock is the host's, so that a recorded run replays; the process is out of reach.
os = {
  time = host.time,
  date = host.date,
  clock = host.clock,
  exit = host.exit,
  getenv = host.getenv,
  remove = host.remove,
  rename = host.rename,
  tmpname = host.tmpname,
  difftime = function(later, earlier) return (later - (earlier or 0)) + 0.0 end,
  setlocale = function(locale) return (locale == nil or locale == "" or locale == "C") and "C" or nil end,
  execute = host.execute,
}
package.loaded.os = os

-- Parts that many scripts never touch are loaded at their first use.
io = setmetatable({}, {
  __index = function(io, key)
    host.part("io")
    return rawget(io, key)
  end,
  __pairs = function(io)
    host.part("io")
    return next, io
  end,
})
package.loaded.io = io

if Debug then
  host.debug, host.timer = Debug, Debug.timer
  for _, name in ipairs { "dump", "dumpCompact", "dumpVerbose", "dumpWithOptions", "stackTrace", "stackTraceJson", "timer" } do
    Debug[name] = function(...)
      host.part("debug")
      return host.debug[name](...)
    end
  end
end
