import { z } from 'zod';
import type { JsonObject } from '../../core/values.js';
import type { HookContext } from '../contract.js';
import { defineBuiltin, pointsOption, WORK_POINTS } from './definition.js';
import { shortened } from './values.js';

const options = z.strictObject({
  level: z.enum(['error', 'warn', 'info', 'debug', 'trace']).default('info'),
  points: pointsOption(WORK_POINTS),
  include_context_data: z.boolean().default(false).describe('What the point is about, too.'),
  include_metadata: z.boolean().default(false).describe('The notes of other handlers, too.'),
  log_performance: z.boolean().default(true).describe('How long the work took, after it.'),
  max_data_size: z.int().min(16).default(1024).describe('Characters of the data that are shown.'),
});

/** Writes a line to the log for each thing that is done. */
export default defineBuiltin({
  name: 'logging',
  doc: 'Writes a line to the log for each thing that tools, agents and workflows do.',
  aliases: ['LoggingHook', 'Logger'],
  options,
  make: (given) => ({
    registrations: [
      {
        points: given.points as never,
        priority: 'low',
        onError: 'continue',
        handler: (seen, { context }) => {
          const data = dataOf(seen, given);
          context.emit({
            type: 'log',
            level: given.level,
            message: lineOf(seen, given.log_performance),
            module: 'hooks.logging',
            ...(data && { data }),
          });
          seen.metadata.logged_at = seen.timestamp;
          return { kind: 'continue' };
        },
      },
    ],
  }),
});

function lineOf({ point, component_id, data }: HookContext, performance: boolean): string {
  const { type, name } = component_id;
  const took =
    performance && typeof data.duration_ms === 'number' ? ` (${Math.round(data.duration_ms)} ms)` : '';
  return `${point} ${type.toLowerCase()} ${name}${took}`;
}

function dataOf({ data, metadata }: HookContext, given: z.output<typeof options>): JsonObject | undefined {
  if (!given.include_context_data && !given.include_metadata) return undefined;
  return {
    ...(given.include_context_data && { data: shortened(data, given.max_data_size) }),
    ...(given.include_metadata && { metadata: { ...metadata } }),
  };
}
