-- A SQLite database: tables made and filled all or nothing, questions with bound values, and a schema to look at.
--
--   llmspell run examples/database.lua
--
-- Prints what the library holds. The file is in the temporary folder, where a spell may write without a grant.

local path = os.tmpname()
local function sql(request)
  request.connection_string = "sqlite:" .. path
  return Tool.execute("database-connector", request).result
end

sql {
  operation = "transaction",
  statements = {
    "CREATE TABLE books (title TEXT PRIMARY KEY, author TEXT NOT NULL, year INTEGER)",
    { query = "INSERT INTO books VALUES (?, ?, ?)", params = { "Emma", "Austen", 1815 } },
    { query = "INSERT INTO books VALUES (?, ?, ?)", params = { "Persuasion", "Austen", 1817 } },
    { query = "INSERT INTO books VALUES (?, ?, ?)", params = { "Jane Eyre", "Brontë", 1847 } },
  },
}

local old = sql {
  operation = "query",
  query = "SELECT author, count(*) AS books FROM books WHERE year < :year GROUP BY author ORDER BY author",
  params = { year = 1840 },
}
for _, row in ipairs(old.results) do print(row.author .. ": " .. row.books) end

-- Both statements or none: the second book has the title of one that is there.
local ok, problem = pcall(sql, {
  operation = "transaction",
  statements = {
    { query = "INSERT INTO books VALUES (?, ?, ?)", params = { "Middlemarch", "Eliot", 1871 } },
    { query = "INSERT INTO books VALUES (?, ?, ?)", params = { "Emma", "Nobody", 2000 } },
  },
})
print(ok, problem:match("SQLite.*"))
print("still " .. sql({ operation = "query", query = "SELECT count(*) AS n FROM books" }).results[1].n .. " books")

local table = sql({ operation = "schema" }).tables[1]
for _, column in ipairs(table.columns) do print(table.name .. "." .. column.name, column.type) end

os.remove(path)
