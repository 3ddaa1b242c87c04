-- `io` over the kernel's guarded files, filled in when it is first used: a file is read whole when opened and written when flushed or closed.
local host = ...
local File = {}
File.__index = File
File.__name = "FILE*"
local state = setmetatable({}, { __mode = "k" })

local function file_of(handle)
  local file = state[handle]
  if not file then error("bad argument (FILE* expected)", 3) end
  if file.closed then error("attempt to use a closed file", 3) end
  return file
end

local function new_file(fields)
  local handle = setmetatable({}, File)
  state[handle] = fields
  return handle
end

function File:__tostring()
  local file = state[self]
  return "file (" .. (file and not file.closed and file.path or "closed") .. ")"
end

local function take(file, count)
  if file.pos > #file.data then return nil end
  local text = file.data:sub(file.pos, file.pos + count - 1)
  file.pos = file.pos + #text
  return text
end

local function take_line(file, keep)
  if file.pos > #file.data then return nil end
  local stop = file.data:find("\n", file.pos, true)
  local line = file.data:sub(file.pos, (stop or #file.data + 1) - 1)
  file.pos = (stop or #file.data) + 1
  return keep and stop and line .. "\n" or line
end

local function take_number(file)
  local _, stop, text = file.data:find("^%s*([+-]?[%w%.]+)", file.pos)
  if not text then return nil end
  file.pos = stop + 1
  return tonumber(text)
end

local formats = {
  n = take_number,
  l = function(file) return take_line(file, false) end,
  L = function(file) return take_line(file, true) end,
  a = function(file) return take(file, math.max(0, #file.data - file.pos + 1)) or "" end,
}

local function read_one(file, format)
  if type(format) == "number" then
    if format == 0 then return file.pos <= #file.data and "" or nil end
    return take(file, format)
  end
  local reader = formats[tostring(format):gsub("^%*", ""):sub(1, 1)]
  if not reader then error("bad argument to 'read' (invalid format)", 3) end
  return reader(file)
end

local function read_all(file, ...)
  if file.fill then file.fill(file, ...) end
  local wanted = select("#", ...) == 0 and { "l" } or { ... }
  local results = {}
  for i = 1, #wanted do
    results[i] = read_one(file, wanted[i])
    if results[i] == nil then return table.unpack(results, 1, i) end
  end
  return table.unpack(results, 1, #wanted)
end

function File:read(...)
  local file = file_of(self)
  if not file.readable then return nil, "Bad file descriptor", 9 end
  return read_all(file, ...)
end

function File:lines(...)
  local file, wanted = file_of(self), table.pack(...)
  return function() return read_all(file, table.unpack(wanted, 1, wanted.n)) end
end

function File:write(...)
  local file = file_of(self)
  if not file.writable then return nil, "Bad file descriptor", 9 end
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if type(value) ~= "string" and type(value) ~= "number" then
      error("bad argument #" .. i .. " to 'write' (string expected, got " .. type(value) .. ")", 2)
    end
    file.write(file, tostring(value))
  end
  return self
end

function File:flush()
  local file = file_of(self)
  if file.flush then file.flush(file) end
  return self
end

function File:close()
  local file = file_of(self)
  if file.flush then file.flush(file) end
  file.closed = true
  return true
end

function File:seek(whence, offset)
  local file = file_of(self)
  if file.flush then file.flush(file) end
  local base = { set = 0, cur = file.pos - 1, ["end"] = #file.data }
  local position = (base[whence or "cur"] or error("bad argument #1 to 'seek' (invalid option)", 2)) + (offset or 0)
  if position < 0 then return nil, "Invalid argument", 22 end
  file.pos = position + 1
  return position
end

function File:setvbuf() return true end
File.__close = function(handle) if not state[handle].closed then handle:close() end end
File.__gc = File.__close

-- Writes go into `data` at `pos`; `flush` sends the whole file, which the host replaces atomically.
local function write_at(file, text)
  local at = file.append and #file.data + 1 or file.pos
  if at > #file.data + 1 then file.data = file.data .. ("\0"):rep(at - #file.data - 1) end
  file.data = file.data:sub(1, at - 1) .. text .. file.data:sub(at + #text)
  file.pos, file.dirty = at + #text, true
end

-- A file that is only appended to keeps its parts apart until they are sent: no quadratic copying.
local function write_part(file, text)
  file.parts[#file.parts + 1] = text
  file.dirty = true
end

local function send(file)
  if not file.dirty then return end
  if file.sequential then
    host.write_file(file.path, table.concat(file.parts), file.started)
    file.parts, file.started = {}, true
  else
    host.write_file(file.path, file.data, false)
  end
  file.dirty = false
end

local function open(path, mode)
  local kind, plus = mode:sub(1, 1), mode:find("+", 1, true) ~= nil
  local file = { path = path, pos = 1, data = "", parts = {}, readable = kind == "r" or plus, writable = kind ~= "r" or plus }
  if kind == "r" or (kind == "a" and plus) then
    local data, message, number = host.read_file(path, kind == "a")
    if not data then return nil, message, number end
    file.data = data
  end
  if file.writable then
    file.sequential, file.append, file.started = not plus, kind == "a", kind == "a"
    file.write, file.flush = plus and write_at or write_part, send
    if kind ~= "r" then
      local ok, message, number = host.write_file(path, "", kind == "a")
      if not ok then return nil, message, number end
      if not plus then file.started = true end
    end
  end
  return new_file(file)
end

local io = io
setmetatable(io, nil)

function io.open(path, mode)
  mode = mode or "r"
  if not mode:find("^[rwa]%+?b?$") then error("bad argument #2 to 'open' (invalid mode)", 2) end
  return open(path, mode)
end

local function stream(name) return new_file { path = name, pos = 1, data = "", writable = true, write = function(_, text) host.write(name, text) end } end
io.stdout, io.stderr = stream("stdout"), stream("stderr")

-- Standard input is asked for as it is needed: a line at a time, or all of it.
local function fill(file, ...)
  local wants_all = false
  for i = 1, select("#", ...) do
    local format = select(i, ...)
    if type(format) == "string" and format:find("^%*?a") then wants_all = true end
  end
  if not wants_all and file.pos <= #file.data then return end
  local more = host.input(wants_all)
  if more then file.data, file.pos = file.data:sub(file.pos) .. more, 1 end
end
io.stdin = new_file { path = "stdin", pos = 1, data = "", readable = true, fill = fill }

local default_in, default_out = io.stdin, io.stdout
function io.input(file)
  if type(file) == "string" then default_in = assert(io.open(file, "r")) elseif file then default_in = file end
  return default_in
end
function io.output(file)
  if type(file) == "string" then default_out = assert(io.open(file, "w")) elseif file then default_out = file end
  return default_out
end
function io.read(...) return default_in:read(...) end
function io.write(...) return default_out:write(...) end
function io.flush() return default_out:flush() end
function io.close(file) return (file or default_out):close() end
function io.type(value)
  local file = state[value]
  if not file then return nil end
  return file.closed and "closed file" or "file"
end
function io.lines(path, ...)
  if not path then return default_in:lines(...) end
  local file, message = io.open(path, "r")
  if not file then error(message, 2) end
  return file:lines(...)
end
function io.popen() error("io.popen is not available; use the process-executor tool", 2) end
function io.tmpfile() return io.open(os.tmpname(), "w+") end
package.loaded.io = io
