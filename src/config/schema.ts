import type { z } from 'zod';
import { databases, mcp } from './schema/connections.js';
import { engines } from './schema/engines.js';
import { oneOf, table } from './schema/fields.js';
import { debug, events, hooks, metrics, tracing } from './schema/observability.js';
import { providers } from './schema/providers.js';
import { rag } from './schema/rag.js';
import { permissions, runtime, storage } from './schema/runtime.js';
import { tools } from './schema/tools.js';

/**
 * The configuration once all layers are merged: what has a default is required here. What a file may contain is the
 * same with every such key optional ({@link configJsonSchema} publishes that form).
 */
export const configSchema = table('Configuration of llmspell.', {
  default_engine: oneOf(
    ['lua', 'javascript', 'js', 'typescript'],
    'Engine for code whose language the file name does not tell.',
  ),
  engines,
  providers,
  runtime,
  storage,
  permissions,
  tools,
  databases,
  mcp,
  hooks,
  events,
  debug,
  metrics,
  tracing,
  rag,
});

/** What the schema describes, before the open tables get their readable types. */
export type SchemaOutput = z.infer<typeof configSchema>;
