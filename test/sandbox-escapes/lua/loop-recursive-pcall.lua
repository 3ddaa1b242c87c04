-- attack: a tree of pcalls, deeper than memory
-- expect: stopped
-- with: timeout=400 memory=32
local function branch()
  pcall(branch)
  return branch()
end
branch()
