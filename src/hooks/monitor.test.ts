import { expect, test } from 'vitest';
import type { HookGate } from '../core/component.js';
import type { HookPoint } from '../core/hook-points.js';
import { testContext } from '../core/testing.js';
import type { JsonObject } from '../core/values.js';
import { ProcessMonitor, type ProcessUse } from './monitor.js';

const MB = 1024 * 1024;

/** A monitor whose process uses what the list says, look by look. */
function monitored(uses: ProcessUse[]) {
  const told: [HookPoint, JsonObject][] = [];
  const gate: HookGate = {
    has: (point) => point === 'MemoryUsageHigh' || point === 'CpuUsageHigh',
    fire: async (point, _subject, data) => {
      told.push([point, data]);
      return { kind: 'continue', data };
    },
  };
  const { context } = testContext({ hooks: gate });
  const settings = { interval_ms: 60_000, memory_mb: 100, cpu_percent: 50 };
  const monitor = new ProcessMonitor(gate, settings, () => uses.shift()!);
  return { monitor, context, told };
}

const use = (time: number, megabytes: number, cpuMs: number): ProcessUse => ({
  time,
  memory: megabytes * MB,
  cpuMicros: cpuMs * 1000,
});

test('a limit that is passed is told once, and again after it was kept', async () => {
  const looks = [use(0, 0, 0), use(1000, 150, 0), use(2000, 160, 0), use(3000, 50, 0), use(4000, 101, 0)];
  const { monitor, context, told } = monitored(looks);
  monitor.follow(() => context);
  for (let i = 0; i < 4; i++) await monitor.look(context);
  monitor.stop();
  expect(told).toEqual([
    ['MemoryUsageHigh', { memory_mb: 150, limit_mb: 100 }],
    ['MemoryUsageHigh', { memory_mb: 101, limit_mb: 100 }],
  ]);
});

test('processor time is that between two looks', async () => {
  const { monitor, context, told } = monitored([use(0, 0, 5000), use(1000, 0, 5400), use(2000, 0, 6150)]);
  monitor.follow(() => context);
  await monitor.look(context);
  await monitor.look(context);
  monitor.stop();
  expect(told).toEqual([['CpuUsageHigh', { cpu_percent: 75, limit_percent: 50 }]]);
});

test('where nothing runs nobody is told, and it is told when something does', async () => {
  const { monitor, context, told } = monitored([use(0, 0, 0), use(1000, 150, 0), use(2000, 150, 0)]);
  monitor.follow(() => undefined);
  await monitor.look(undefined);
  expect(told).toEqual([]);
  await monitor.look(context);
  monitor.stop();
  expect(told.map(([point]) => point)).toEqual(['MemoryUsageHigh']);
});
