import { defineTool } from '../define.js';
import { runToolState } from './tool-state/operations.js';
import { toolStateInput } from './tool-state/request.js';

const tool_id = 'tool-state-sample';

/** Keeps values, results and counts for tools and agents from one run to the next, in the scope `tool:<id>`. */
export default defineTool({
  name: 'tool-state',
  aliases: ['state-manager'],
  category: 'state',
  level: 'safe',
  description:
    'Keeps values, results with a time to live, and statistics for a tool or agent from one run to the next.',
  capabilities: [],
  input: toolStateInput,
  parameterAliases: {
    tool: 'tool_id',
    tool_name: 'tool_id',
    agent: 'tool_id',
    agent_id: 'tool_id',
    id: 'tool_id',
    name: 'key',
    ttl: 'ttl_seconds',
  },
  operationAliases: {
    load: 'get',
    save: 'set',
    put: 'set',
    remove: 'delete',
    keys: 'list',
    reset: 'clear',
    statistics: 'stats',
    record: 'record_execution',
    get_or: 'cache',
    cached: 'cache',
    cleanup: 'purge',
  },
  samples: [
    {
      title: 'Begin anew',
      input: { operation: 'clear', tool_id },
      expect: { success: true, result: { part: 'all' } },
    },
    {
      title: 'Keep a value',
      input: { operation: 'set', tool_id, key: 'last_page', value: { number: 3 } },
      expect: { result: { keys: ['last_page'], stored: 1 } },
    },
    {
      title: 'A value that is not there',
      input: { operation: 'get', tool_id, key: 'first_page', default: 1 },
      expect: { result: { found: false, value: 1 } },
    },
    {
      title: 'Keep a result for a minute',
      input: {
        operation: 'cache',
        tool_id,
        input: { city: 'Oslo' },
        value: 'rain',
        ttl_seconds: 60,
        refresh: true,
      },
      expect: { result: { hit: false, stored: true, value: 'rain' } },
    },
    {
      title: 'Count an execution',
      input: { operation: 'record_execution', tool_id: 'tool-state-counts', success: true, duration_ms: 20 },
      expect: { operation: 'record_execution', success: true },
    },
    {
      title: 'Leave nothing behind',
      input: { operation: 'clear', tool_id: 'tool-state-counts' },
      expect: { success: true },
    },
    {
      title: 'Clear one part',
      input: { operation: 'clear', tool_id, part: 'custom' },
      expect: { result: { part: 'custom' } },
    },
    {
      title: 'Statistics of a tool that has none',
      input: { operation: 'stats', tool_id: 'tool-state-unused' },
      expect: { result: { total_executions: 0, cache_hit_ratio: 0 } },
    },
    { title: 'The rest', input: { operation: 'clear', tool_id }, expect: { success: true } },
    { title: 'Whose state?', input: { operation: 'get', key: 'x' }, error: 'input.invalid' },
  ],
  run: async (request, context, host) => runToolState(request, context, await host.state()),
});
