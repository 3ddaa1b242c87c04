-- A PDF is read: its text, a table in it as rows and columns, and the place where a word stands.
--
--   llmspell run examples/read-a-pdf.lua
--   llmspell run examples/read-a-pdf.lua report.pdf crates
--
-- Prints title, text, the first table and where the word is. Without a file it reads one that it writes first.

local function small_pdf()
  local lines = {
    { 72, 720, "Harvest report" },
    { 72, 680, "Fruit" }, { 200, 680, "Crates" }, { 300, 680, "Price" },
    { 72, 660, "Apples" }, { 200, 660, "120" }, { 300, 660, "3.50" },
    { 72, 640, "Pears" }, { 200, 640, "45" }, { 300, 640, "4.25" },
  }
  local drawn = {}
  for _, line in ipairs(lines) do
    drawn[#drawn + 1] = ("BT /F1 12 Tf %d %d Td (%s) Tj ET"):format(line[1], line[2], line[3])
  end
  local stream = table.concat(drawn, "\n")
  local objects = {
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ("<< /Length %d >>\nstream\n%s\nendstream"):format(#stream, stream),
    "<< /Title (Harvest) >>",
  }
  for number, object in ipairs(objects) do objects[number] = ("%d 0 obj\n%s\nendobj\n"):format(number, object) end
  return "%PDF-1.4\n" .. table.concat(objects) .. "trailer << /Root 1 0 R /Info 6 0 R >>\n"
end

local path = ARGS[1] or ("/tmp/llmspell-harvest-%d.pdf"):format(math.random(1, 1000000000))
if not ARGS[1] then Tool.execute("file-operations", { operation = "write", path = path, input = small_pdf() }) end

local function pdf(operation, more)
  local request = { operation = operation, input = path }
  for key, value in pairs(more or {}) do request[key] = value end
  return Tool.execute("pdf-processor", request).result
end

local about = pdf("extract_metadata")
print(("'%s', %d page(s), %s paper"):format(about.title, about.page_count, about.pages[1].paper))
print(pdf("extract_text").text)

local tables = pdf("extract_tables")
if tables.count > 0 then
  print(("a table, %d%% sure:"):format(math.floor(tables.tables[1].confidence * 100 + 0.5)))
  for _, row in ipairs(tables.tables[1].rows) do print("  " .. table.concat(row, " | ")) end
end

for _, match in ipairs(pdf("search", { query = ARGS[2] or "pears" }).matches) do
  print(("page %d, line %d: %s"):format(match.page, match.line, match.context))
end

if not ARGS[1] then Tool.execute("file-operations", { operation = "delete", path = path }) end
