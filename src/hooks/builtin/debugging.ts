import { z } from 'zod';
import type { JsonObject } from '../../core/values.js';
import { defineBuiltin, pointsOption, WORK_POINTS } from './definition.js';
import { Recent, shortened } from './values.js';

const options = z.strictObject({
  points: pointsOption(WORK_POINTS),
  include_context_data: z.boolean().default(true),
  include_metadata: z.boolean().default(true),
  max_traces: z.int().min(1).default(1000).describe('Traces that are remembered.'),
  max_data_size: z.int().min(16).default(1024),
  min_duration_ms: z.number().min(0).default(0).describe('What took less is left out.'),
  log_to_console: z.boolean().default(false).describe('Log each trace at level debug, too.'),
});

/** Remembers what came past the points, for a look afterwards. */
export default defineBuiltin({
  name: 'debugging',
  doc: 'Remembers what came past the points; Hook.builtin_report shows it.',
  aliases: ['DebuggingHook', 'DebugLogger'],
  options,
  make: (given) => {
    const traces = new Recent<JsonObject>(given.max_traces);
    return {
      registrations: [
        {
          points: given.points as never,
          priority: 'lowest',
          onError: 'continue',
          handler: (
            { point, component_id, data, metadata, timestamp, operation, parent_context },
            { context },
          ) => {
            const duration = typeof data.duration_ms === 'number' ? data.duration_ms : undefined;
            if (duration !== undefined && duration < given.min_duration_ms) return { kind: 'continue' };
            const trace: JsonObject = {
              point,
              component: `${component_id.type.toLowerCase()}:${component_id.name}`,
              time: timestamp,
              path: parent_context.path,
              operation_id: operation.operation_id,
              ...(duration !== undefined && { duration_ms: duration }),
              ...(given.include_context_data && { data: shortened(data, given.max_data_size) }),
              ...(given.include_metadata && { metadata: { ...metadata } }),
            };
            traces.add(trace);
            if (given.log_to_console)
              context.emit({
                type: 'log',
                level: 'debug',
                message: `${point} ${trace.component}`,
                module: 'hooks.debugging',
                data: trace,
              });
            return { kind: 'continue' };
          },
        },
      ],
      report: () => ({ traces: [...traces.all] }),
    };
  },
});
