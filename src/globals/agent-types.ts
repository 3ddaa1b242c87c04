import { z } from 'zod';

/** What executing an agent gives. */
export const agentOutput = z
  .object({
    success: z.boolean(),
    text: z.string().describe('The answer.'),
    content: z.string().describe('Same as text.'),
    response: z.string().describe('Same as text.'),
    output: z.any().describe('Same as text.'),
    data: z.any().optional().describe('The decoded answer, when it is JSON.'),
    metadata: z
      .record(z.string(), z.any())
      .describe('`model`, `provider`, tokens, cost, `usage_source`, `duration_ms` …'),
    tool_calls: z.array(z.any()).describe('The tools it called, in order.'),
  })
  .meta({ id: 'AgentOutput' });
