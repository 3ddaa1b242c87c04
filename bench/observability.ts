import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { z } from 'zod';
import { loadConfig } from '../src/config/load.js';
import type { Config, DeepPartial } from '../src/config/types.js';
import type { Component } from '../src/core/component.js';
import { invoke } from '../src/core/invoke.js';
import { runDirectly } from '../src/kernel/direct-run.js';
import { Kernel } from '../src/kernel/kernel.js';
import { createPermissions } from '../src/security/permissions.js';
import { alternate, compared, type Figure } from './measure.js';

const INVOKES = 1000;
const [EARLY, LATE] = [1000, 10_000];

const nothing: Component<object, string> = {
  kind: 'tool',
  name: 'nothing',
  description: 'Does nothing.',
  input: z.object({}),
  run: async () => 'done',
};

/** What an invocation costs with metrics and spans, against one without; and the heap after many runs. */
export async function observability(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  try {
    return [...(await invokeFigures(folder, exporter)), await heapFigure(folder)];
  } finally {
    trace.disable();
    rmSync(folder, { recursive: true });
  }
}

async function invokeFigures(folder: string, exporter: InMemorySpanExporter): Promise<Figure[]> {
  const journal = { runtime: { journal: { enabled: false } } };
  const off = await kernelWith(folder, journal);
  const metrics = await kernelWith(folder, { ...journal, metrics: { enabled: true } });
  const spans = await kernelWith(folder, { ...journal, tracing: { opentelemetry: true } });
  const work = (kernel: Kernel) => async () => {
    await runs(kernel, INVOKES);
    exporter.reset();
  };
  const [plain, counted, traced] = await alternate(30, [work(off), work(metrics), work(spans)]);
  for (const kernel of [off, metrics, spans]) await kernel.shutdown();
  const each = (ms: number) => (ms / INVOKES) * 1000;
  const floor = { name: 'invocation that nobody observes', value: each(plain!) };
  return [
    compared('invocation with metrics', 'µs', each(counted!), floor, 1.2),
    compared('invocation with spans and an SDK that keeps them', 'µs', each(traced!), floor, 2),
  ];
}

/** Runs with journal and metrics on: what one run leaves behind must be gone. */
async function heapFigure(folder: string): Promise<Figure> {
  const kernel = await kernelWith(folder, { metrics: { enabled: true } });
  for (let i = 0; i < EARLY; i++) await runs(kernel, 1);
  const early = heap();
  for (let i = EARLY; i < LATE; i++) await runs(kernel, 1);
  const late = heap();
  await kernel.shutdown();
  const before = { name: `heap after ${EARLY} runs`, value: early };
  return compared(`heap after ${LATE} runs with journal and metrics`, 'MB', late, before, 1.05);
}

async function kernelWith(folder: string, overrides: DeepPartial<Config>): Promise<Kernel> {
  const environment = { LLMSPELL_HOME: join(folder, 'home') };
  const config = await loadConfig({ cwd: folder, home: folder, env: environment, overrides });
  const permissions = createPermissions(
    { read: [], write: [], net: [], run: [], env: [], db: [] },
    { cwd: folder },
  );
  return new Kernel({ config, permissions, cwd: folder, environment });
}

async function runs(kernel: Kernel, invokes: number): Promise<void> {
  const { signal } = new AbortController();
  const { error } = await runDirectly(kernel.surroundings(), { name: 'bench', signal }, async (context) => {
    for (let i = 0; i < invokes; i++) await invoke(nothing, {}, context);
  });
  if (error) throw error;
}

function heap(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}
