-- A module: `require("lib.inventory")` runs it once and gives what it returns.
local inventory = {}

--- Reads lines of the form `name,count` into a table.
function inventory.read(path)
  local counts = {}
  for line in io.lines(path) do
    local name, count = line:match("^(%w+),(%d+)$")
    if name then counts[name] = tonumber(count) end
  end
  return counts
end

return inventory
