// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how templates and .env files write places
import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { readPath } from '../../parameters.js';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The parameters of the environment-manager. */
export const inputSchema = z.object({
  operation: operationParameter([
    'get',
    'set',
    'unset',
    'list',
    'profiles',
    'clear',
    'expand',
    'load',
    'diff',
    'export',
  ]).describe(
    'get, set, unset, list: variables; profiles: names of profiles; clear: empty one; expand: fill in a template; load: read a .env file; diff: compare; export: as text',
  ),
  profile: z.string().default('default').describe('The profile that is meant.'),
  scope: z
    .enum(['session', 'saved'])
    .default('session')
    .describe('Where the profile lives: until the session ends, or in the state, which keeps no secrets.'),
  name: z.string().optional().describe('get, set, unset: the variable.'),
  value: text.optional().describe('set: its value. Give secrets in `variables`, so that no log shows them.'),
  variables: z.record(z.string(), text).optional().describe('set: several variables with their values.'),
  names: z.array(z.string()).max(1000).optional().describe('unset: several variables.'),
  secret: z
    .boolean()
    .optional()
    .describe('set, load: whether values are secrets; told from the names when absent.'),
  pattern: z.string().optional().describe('list: names to give, with * for any text.'),
  template: z
    .string()
    .max(1_000_000)
    .optional()
    .describe('expand: text with ${NAME} or ${NAME:-default}; $$ is a dollar sign.'),
  missing: z
    .enum(['error', 'keep', 'empty'])
    .default('error')
    .describe('expand: what to do with variables that are not set.'),
  file_path: readPath('A .env file.').optional().describe('load, diff: a .env file.'),
  interpolate: z.boolean().default(true).describe('load, diff: fill in ${NAME} outside single quotes.'),
  replace: z.boolean().default(false).describe('load: forget what the profile held before.'),
  other_profile: z.string().optional().describe('diff: what to compare with, unless file_path is given.'),
  format: z
    .enum(['dotenv', 'shell', 'json'])
    .default('dotenv')
    .describe('export: a .env file, commands for a shell, or a JSON object.'),
  reveal: z
    .boolean()
    .default(false)
    .describe('get, expand, export: show secrets; each needs the env grant for its name.'),
});

/** What a call of the environment-manager asks for. */
export type Input = z.output<typeof inputSchema>;
