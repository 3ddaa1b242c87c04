import { z } from 'zod';
import { defineBuiltin } from './definition.js';
import { canonical, nameTest } from './values.js';

const options = z.strictObject({
  tools: z
    .array(z.string())
    .default([])
    .describe('Tools whose results are kept; name only those that give the same for the same input.'),
  agents: z.array(z.string()).default(['*']).describe('Agents whose answers are kept.'),
  ttl_seconds: z.number().positive().default(300).describe('How long a result is kept.'),
  per_tenant: z.boolean().default(true),
});

/** Gives the result of before, where an agent or a tool is asked the same again. */
export default defineBuiltin({
  name: 'caching',
  doc: 'Gives the earlier result where an agent (or a tool that is named) is asked the same again; failures are not kept.',
  aliases: ['CachingHook', 'CachingOptimizer'],
  options,
  make: (given) => {
    const wanted = { Tool: nameTest(given.tools), Agent: nameTest(given.agents) };
    return {
      registrations: [
        {
          points: ['BeforeToolExecution', 'BeforeAgentExecution'],
          priority: 'high',
          onError: 'continue',
          handler: ({ component_id: { type, name }, data, parent_context }) => {
            if (!wanted[type as 'Tool' | 'Agent']?.(name)) return { kind: 'continue' };
            const owner = given.per_tenant ? parent_context.tenant : '';
            const key = canonical(['builtin', type, name, owner, data.input ?? null]);
            return { kind: 'cache', key, ttlMs: given.ttl_seconds * 1000 };
          },
        },
      ],
    };
  },
});
