-- attack: keys of the globals
-- expect: error limit.memory
-- with: memory=32
for i = 1, math.huge do _G["k" .. i] = i end
