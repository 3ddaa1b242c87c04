import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'tool-state',
  input: () => ({
    operation: 'cache',
    tool_id: 'weather',
    input: { city: 'Oslo', days: 3 },
    value: { forecast: ['rain', 'rain', 'sun'] },
    ttl_seconds: 3600,
  }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: { value: { forecast: ['rain', 'rain', 'sun'] } },
    });
    const { hit, stored } = answer.result as { hit: boolean; stored: boolean };
    expect(stored).toBe(!hit);
  },
});
