// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how templates and .env files write places
import { defineTool } from '../define.js';
import { inputSchema } from './environment/input.js';
import { OPERATIONS } from './environment/operations.js';

/**
 * Keeps variables in named profiles, apart from the process's own environment: what is set here is seen by nobody but
 * the programs that are given a profile.
 */
export default defineTool({
  name: 'environment-manager',
  aliases: ['env-manager'],
  category: 'system',
  level: 'restricted',
  description:
    'Keeps variables in profiles, loads them from .env files, fills in templates and exports them.',
  capabilities: ['read', 'env'],
  input: inputSchema,
  parameterAliases: {
    key: 'name',
    variable_name: 'name',
    vars: 'variables',
    path: 'file_path',
    file: 'file_path',
    input: 'template',
    text: 'template',
    other: 'other_profile',
    include_secrets: 'reveal',
  },
  operationAliases: {
    read: 'get',
    write: 'set',
    delete: 'unset',
    remove: 'unset',
    substitute: 'expand',
    interpolate: 'expand',
    import: 'load',
    compare: 'diff',
    dump: 'export',
  },
  samples: [
    {
      title: 'Set variables',
      input: { operation: 'set', profile: 'numbers', variables: { STAGE: 'test', WORKERS: 4 } },
      expect: { success: true, result: { profile: 'numbers', set: ['STAGE', 'WORKERS'], count: 2 } },
    },
    {
      title: 'Load a .env file',
      input: { operation: 'load', profile: 'file', file_path: '{{dir}}/app.env' },
      files: { 'app.env': '# settings\nHOST=localhost\nURL="http://${HOST}:8080"\nAPI_KEY=abc123\n' },
      expect: { result: { loaded: ['HOST', 'URL', 'API_KEY'], count: 3 } },
    },
    {
      title: 'Fill in a template',
      input: { operation: 'expand', template: 'Hello ${NAME:-world}, that is $$5' },
      expect: { result: { text: 'Hello world, that is $5', missing: ['NAME'] } },
    },
    {
      title: 'Compare with a file',
      input: { operation: 'diff', profile: 'empty', file_path: '{{dir}}/app.env' },
      files: { 'app.env': 'A=1\nB=2\n' },
      expect: { result: { added: ['A', 'B'], removed: [], changed: [], same: false } },
    },
    {
      title: 'What cannot be the name of a variable',
      input: { operation: 'set', name: 'not a name', value: 'x' },
      error: 'input.invalid',
    },
    {
      title: 'A variable that is not set',
      input: { operation: 'expand', template: '${NOWHERE}' },
      error: 'input.invalid',
    },
  ],
  run: (input, context, host) => OPERATIONS[input.operation](input, context, host),
});
