/** What a Lua spell sees besides the globals of the catalogue and the standard library. */
export const LUA_ENVIRONMENT = `---The script's arguments: \`--name value\` and \`--name=value\` by name, all others by position from 1; \`ARGS[0]\` is
---the script. All values are text.
---@type table<string|integer, string>
ARGS = {}

---The named arguments alone.
---@type table<string, string>
args = {}

---The arguments by position alone, as in every Lua program; \`arg[0]\` is the script.
---@type table<integer, string>
arg = {}
`;
