-- Files that other programs wrote, made readable: a table from a spreadsheet in an old encoding becomes JSON, a note
-- becomes a web page, and line ends are set right.
--
--   llmspell run examples/convert-files.lua
--
-- Prints what each conversion gave.

local dir = "/tmp/llmspell-convert-" .. Tool.execute("uuid-generator", { operation = "generate" }).result.uuid
local function at(name) return dir .. "/" .. name end
local function write(name, base64)
  Tool.execute("file-operations", { operation = "write", path = at(name), input = base64, encoding = "base64" })
end
local function read(name) return Tool.execute("file-operations", { operation = "read", path = at(name) }).text end
local function convert(options) return Tool.execute("file-converter", options).result end

-- "Stadt;Fluss" and "Köln;Rhein" in Windows-1252, with Windows' line ends.
write("cities.csv", "U3RhZHQ7Rmx1c3MNCkv2bG47UmhlaW4NCg==")
convert({ operation = "encoding", path = at("cities.csv"), from_encoding = "windows-1252", to_encoding = "utf-8" })
convert({ operation = "line_endings", path = at("cities.csv"), line_ending = "lf" })
local table_ = convert({ operation = "convert", path = at("cities.csv"), to_format = "json", indent = 0 })
print(table_.records .. " record: " .. read("cities.json"))

Tool.execute("file-operations", { operation = "write", path = at("note.md"), input = "# Hello\n\n<script>evil()</script>\n" })
convert({ operation = "convert", path = at("note.md"), to_format = "html" })
print(read("note.html"))

Tool.execute("file-operations", { operation = "delete", path = dir, recursive = true })
