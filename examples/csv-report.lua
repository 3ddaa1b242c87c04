-- A table in, a report out: statistics of each column, cells that break a rule, rows that fit a condition.
--
--   llmspell run examples/csv-report.lua
--
-- Prints a line per column, a line per wrong cell, and the rows for Berlin with a new column.

local sales = [[
day,city,product,price,count
2024-03-01,Berlin,lamp,45.25,2
2024-03-01,"Paris, 5e",desk,250,1
2024-03-02,Berlin,pen,1.5,100
2024-03-02,Oslo,pen,,7
2024-03-03,Oslo,lamp,-3,1
]]

local report = Tool.execute("csv-analyzer", { operation = "analyze", input = sales }).result
print(report.row_count .. " rows, divided by '" .. report.delimiter .. "'")
for _, column in ipairs(report.columns) do
  local facts = column.mean and ("from %g to %g, median %g"):format(column.min_value, column.max_value, column.median)
    or (column.unique_count .. " different values")
  print(("  %-8s %-8s %s, %d empty"):format(column.name, column.data_type, facts, column.null_count))
end

local checked = Tool.execute("csv-analyzer", {
  operation = "validate",
  input = sales,
  options = { rules = { price = { "required", "range:0-1000" }, count = "integer" } },
}).result
for _, wrong in ipairs(checked.errors) do
  print(("row %d: %s '%s' %s"):format(wrong.row, wrong.column, wrong.value, wrong.error))
end

local berlin = Tool.execute("csv-analyzer", { operation = "filter", input = sales, options = { filter = "city == Berlin" } })
local totals = Tool.execute("csv-analyzer", {
  operation = "transform",
  input = berlin.result,
  options = { add_columns = { total = "price * count" }, select_columns = { "product", "total" } },
})
io.write(totals.text)
