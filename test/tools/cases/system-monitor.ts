import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

/** The memory, as another program counts it. */
export default toolCase({
  tool: 'system-monitor',
  programs: ['free'],
  input: () => ({ operation: 'memory' }),
  check: (result) => {
    const total = Number(/^Mem: +(\d+)/m.exec(execFileSync('free', ['-b'], { encoding: 'utf8' }))?.[1]);
    const memory = result.result as Record<string, number>;
    expect(result).toMatchObject({ success: true, operation: 'memory' });
    expect(memory.total_memory_bytes).toBe(total);
    expect(memory.used_memory_bytes! + memory.available_memory_bytes!).toBe(total);
  },
});
