/**
 * Every error llmspell can raise, by its stable code. Codes are part of the public interface: scripts and
 * callers branch on them, so a code is never renamed or reused. `docs/errors.md` is generated from this table.
 */
export const ERROR_CODES = {
  'usage.invalid': 'The command line was not understood.',
  'input.invalid': 'An argument did not have the shape the call asks for.',
  'value.unsupported': 'A value cannot leave the script (a function, thread or userdata inside data).',
  'value.cyclic': 'A table or object contains itself.',
  'value.too_deep': 'A value is nested deeper than the limit.',
  'value.too_large': 'A value is larger than one call may carry.',
  'internal.error': 'Something failed inside llmspell itself; this is a bug worth reporting.',

  'config.not_found': 'The configuration file does not exist.',
  'config.unreadable': 'The configuration file could not be read.',
  'config.syntax': 'The configuration file is not valid TOML.',
  'config.invalid': 'A configuration value has the wrong type or is out of range.',
  'config.unknown_profile': 'No built-in profile has that name.',
  'config.unknown_section': 'The configuration has no such section.',
  'config.unknown_key': 'The configuration has no such key.',
  'config.exists': 'A file that would be written already exists.',
  'config.unwritable': 'A file could not be written.',
  'config.locked': 'A script may not change this setting.',

  'script.not_found': 'The script file does not exist.',
  'script.unsupported': 'No script engine runs this kind of file.',
  'script.encoding': 'The script file is not valid UTF-8 text.',
  'script.syntax': 'The script could not be parsed.',
  'script.error': 'The script raised an error.',
  'script.module_not_found': 'A required or imported module was not found inside the allowed roots.',
  'script.global_not_found': 'No global has that name.',

  'execution.interrupted': 'The execution was interrupted from outside.',
  'execution.timeout': 'The execution ran longer than its time limit.',
  'execution.killed': 'The script did not yield within the grace period and its thread was ended.',
  'execution.busy': 'The session is already executing something.',
  'limit.output': 'A result is larger than a call may give back.',
  'limit.files': 'More files are open at once than a run may have.',
  'limit.rate': 'Calls are made more often than the configuration allows.',
  'limit.memory': 'The script asked for more memory than its limit.',
  'limit.stack': 'The script recursed deeper than the stack allows.',
  'session.closed': 'The session is closed.',
  'handle.released': 'The object behind this handle is gone.',

  'budget.tokens': 'The run used up its token budget.',
  'budget.cost': 'The run used up its cost budget.',
  'budget.calls': 'The run used up its budget of component calls.',
  'budget.time': 'The run used up its wall-time budget.',

  'permission.read': 'Reading this path is not granted.',
  'permission.write': 'Writing this path is not granted.',
  'permission.net': 'Reaching this host is not granted.',
  'permission.run': 'Starting this program is not granted.',
  'permission.env': 'Reading this environment variable is not granted.',
  'permission.db': 'Using this database is not granted.',
  'permission.manifest': 'The spell needs more than it was granted.',

  'component.cancelled': 'The call was cancelled.',
  'component.timeout': 'The call ran longer than its limit.',
  'component.output_invalid': 'A component returned something its own output schema refuses.',

  'tool.not_found': 'No tool has that name.',
  'tool.failed': 'The tool could not do what was asked.',
  'tool.disabled': 'The configuration switches the tool off.',
  'tool.exists': 'A tool with that name is registered already.',
  'feature.missing': 'An optional part is not installed.',

  'mcp.unreachable': 'The MCP server could not be started or reached.',
  'mcp.protocol': 'The MCP server answered with something that is not the protocol.',
  'mcp.changed': 'The tools of an MCP server are not those that were accepted.',
  'mcp.not_found': 'No MCP server has that name.',

  'agent.not_found': 'No agent has that name.',
  'agent.exists': 'An agent with that name exists already.',
  'agent.invalid': 'The agent definition is incomplete or wrong.',
  'agent.tool_limit': 'The agent called tools more often than it may.',
  'agent.output_invalid': 'The model did not answer in the requested structure.',
  'agent.illegal_transition': 'The agent cannot go from its present state to the requested one.',
  'agent.recursion_limit': 'Agents stand inside each other more deeply than allowed.',
  'agent.no_majority': 'The delegates of a composite agent did not agree.',
  'agent.context_not_found': 'No execution context of agents has that id.',

  'provider.not_found': 'No provider has that name.',
  'provider.invalid_model': 'The model specifier could not be understood.',
  'provider.missing_key': 'The provider needs an API key that is not configured.',
  'provider.unreachable': 'The provider could not be reached.',
  'provider.unauthorized': 'The provider refused the credentials.',
  'provider.rate_limited': 'The provider is limiting requests.',
  'provider.bad_request': 'The provider refused the request.',
  'provider.server_error': 'The provider failed.',
  'provider.bad_response': 'The provider answered with something that is not its protocol.',
  'provider.stream_broken': 'The stream from the provider ended before it was complete.',
  'provider.timeout': 'The provider did not answer in time.',
  'provider.tool_call_invalid': 'The model asked for a tool call whose arguments are not valid JSON.',

  'state.invalid_key': 'A state key or scope is empty, too long or contains forbidden characters.',
  'state.value_too_large': 'A state value is larger than the limit.',
  'storage.unavailable': 'The store could not be opened.',
  'storage.failed': 'The store could not complete the operation.',

  'replay.invalid': 'The recording could not be read.',
  'replay.diverged': 'The script did something else than in the recording.',
} as const;

/** A stable error code, e.g. `tool.not_found`. */
export type ErrorCode = keyof typeof ERROR_CODES;
