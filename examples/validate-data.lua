-- Is this record what it should be? Once by rules, once by a JSON Schema.
--
--   llmspell run examples/validate-data.lua
--
-- Prints what is wrong with the record, field by field.

local record = {
  name = "A",
  mail = "ada.example.org",
  born = "1815-12-10",
  card = "4532 0151 1283 0366",
  tags = { "maths", "poetry", "maths" },
}

local rules = {
  {
    type = "object",
    required = { "name", "phone" },
    properties = {
      name = { { type = "length", min = 2, max = 50 } },
      mail = { { type = "email" } },
      born = { { type = "date", format = "%Y-%m-%d" } },
      card = { { type = "custom", name = "credit_card" } },
      tags = { { type = "array", unique = true, item_rules = { { type = "pattern", regex = "^[a-z]+$" } } } },
    },
  },
}

local function check(input)
  local result = Tool.execute("data-validator", input).result
  print(result.valid and "valid" or "invalid")
  local lines = {}
  for _, wrong in ipairs(result.errors) do
    lines[#lines + 1] = ("  %-10s %s"):format(wrong.field, wrong.message)
  end
  table.sort(lines)
  for _, line in ipairs(lines) do print(line) end
end

check({ input = record, rules = rules })
check({ input = record, schema = { type = "object", properties = { mail = { type = "string", format = "email" } } } })
check({ input = { 1, 2, 3 }, schema = { type = "array", items = { type = "integer" }, maxItems = 3 } })
