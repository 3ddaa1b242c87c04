import { z } from 'zod';
import { count, flag, list, openTable, table, text } from './fields.js';

/** `[databases.NAME]`. */
export const database = z
  .strictObject({
    url: text('Where it is: `sqlite:./data.db`, `postgres://user@host/name` or `mysql://user@host/name`.'),
    password_env: text('Name of the environment variable that holds the password.').optional(),
    read_only: flag('Refuse everything that changes data. True unless set to false.').optional(),
    max_rows: count('Rows one query gives back.').optional(),
    timeout_seconds: count('Seconds one query may take.').optional(),
  })
  .describe('A database that spells may use under this name; writing it down here grants it.');

/** `[databases]`. */
export const databases = openTable('Databases by name.', {}, database);

/** `[mcp.servers.NAME]`. */
export const server = z
  .strictObject({
    command: text('Program that speaks MCP over its standard input and output.').optional(),
    args: list('Its arguments.').optional(),
    env: z
      .record(z.string(), z.string())
      .describe('Its environment variables, besides `PATH` and `HOME`.')
      .optional(),
    cwd: text('Its working directory.').optional(),
    url: text('Address of a server that speaks MCP over HTTP.').optional(),
    headers: z
      .record(z.string(), z.string())
      .describe('Headers that every request to it carries.')
      .optional(),
    enabled: flag('False hides its tools.').optional(),
    pin: text(
      'Hash of its tool list; when the server offers something else, its tools are refused.',
    ).optional(),
    timeout_seconds: count('Seconds one call may take.').optional(),
  })
  .describe('A server whose tools appear in `Tool`; writing it down here grants starting or reaching it.');

/** `[mcp]`. */
export const mcp = table('The Model Context Protocol.', {
  servers: openTable('Servers by name.', {}, server),
});
