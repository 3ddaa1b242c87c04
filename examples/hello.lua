-- The smallest spell: it prints a line.
--
--   llmspell run examples/hello.lua
--
-- Prints a greeting.

print("Hello from a spell!")
