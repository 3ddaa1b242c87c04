-- An archive that is made, looked into and unpacked again; and one that would write outside of its folder, which is
-- refused before anything is written.
--
--   llmspell run examples/pack-and-unpack.lua
--
-- Prints the names in the archive, what came out, and why the second archive was refused.

local id = Tool.execute("uuid-generator", { operation = "generate" }).result.uuid
local dir = "/tmp/llmspell-pack-" .. id
local function file(name, text)
  Tool.execute("file-operations", { operation = "write", path = dir .. "/" .. name, input = text })
end
file("report/summary.md", "# Summary\n")
file("report/data/numbers.csv", "a,b\n1,2\n")

local archive = dir .. "/report.tar.gz"
print(Tool.execute("archive-handler", { operation = "create", path = archive, input = { dir .. "/report" } }).text)
for _, entry in ipairs(Tool.execute("archive-handler", { operation = "list", path = archive }).result.files) do
  print(("  %-24s %d bytes"):format(entry.name, entry.size))
end

local out = Tool.execute("archive-handler", { operation = "extract", path = archive, target_path = dir .. "/out" })
print(out.text .. ", " .. out.result.total_size .. " bytes")

-- The header of a TAR entry whose name leads upwards.
local function tar(name, text)
  local head = name .. ("\0"):rep(100 - #name) .. "0000644\0" .. "0000000\0" .. "0000000\0"
    .. ("%011o\0"):format(#text) .. "00000000000\0"
  local tail = "0" .. ("\0"):rep(100) .. "ustar\0" .. "00" .. ("\0"):rep(247)
  local sum = 8 * 32
  for byte in (head .. tail):gmatch(".") do sum = sum + byte:byte() end
  return head .. ("%06o\0 "):format(sum) .. tail .. text .. ("\0"):rep(512 - #text) .. ("\0"):rep(1024)
end
file("evil.tar", tar("../../evil.txt", "gotcha"))
local ok, why = pcall(Tool.execute, "archive-handler",
  { operation = "extract", path = dir .. "/evil.tar", target_path = dir .. "/out" })
print(ok, tostring(why):match("Archive refused: [^\n]*"))

Tool.execute("file-operations", { operation = "delete", path = dir, recursive = true })
