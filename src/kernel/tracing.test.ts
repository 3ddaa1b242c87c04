import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/load.js';
import type { Config, DeepPartial } from '../config/types.js';
import type { RunObserver } from '../core/journal.js';
import { openTelemetry } from '../observability/opentelemetry.js';
import { createPermissions } from '../security/permissions.js';
import { Kernel } from './kernel.js';

const exporter = new InMemorySpanExporter();
const storage = new AsyncLocalStorage<Context>();
const manager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (given, fn, self, ...args) => storage.run(given, () => fn.call(self as never, ...args)),
  bind: (_context, target) => target,
  enable: () => manager,
  disable: () => manager,
};

let directory: string;
const kernels: Kernel[] = [];
beforeAll(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(manager);
});
afterAll(() => {
  trace.disable();
  context.disable();
});
beforeEach(() => {
  exporter.reset();
  directory = mkdtempSync(join(tmpdir(), 'llmspell-'));
});
afterEach(async () => {
  for (const kernel of kernels.splice(0)) await kernel.shutdown();
  rmSync(directory, { recursive: true, force: true });
});

async function run(
  code: string,
  overrides: DeepPartial<Config>,
  { observers, env }: { observers?: RunObserver[]; env?: Record<string, string> } = {},
): Promise<ReadableSpan[]> {
  const environment = { LLMSPELL_HOME: directory, ...env };
  const config = await loadConfig({ cwd: directory, home: directory, env: environment, overrides });
  const grants = { read: [], write: [], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: directory });
  const kernel = new Kernel({ config, permissions, cwd: directory, environment, observers });
  kernels.push(kernel);
  const outcome = await kernel
    .createSession()
    .execute({ language: 'lua', source: { code, name: 'spell.lua' } });
  expect(outcome.error).toBeUndefined();
  return exporter.getFinishedSpans();
}

const SPELL = `
  Tool.execute("uuid-generator", {})
  pcall(Tool.execute, "file-operations", { operation = "read", path = "/secret place" })
  local agent = Agent.builder():name("poet"):model("mock/echo"):build()
  agent:execute({ text = "rivers" })`;

const named = (spans: readonly ReadableSpan[], name: string) => spans.find((span) => span.name === name)!;
const parentOf = (spans: readonly ReadableSpan[], span: ReadableSpan) =>
  spans.find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId)?.name;

test('a run is a tree of spans with the names of the conventions', async () => {
  const spans = await run(SPELL, { tracing: { opentelemetry: true } });
  const tree = spans.map((span) => [span.name, parentOf(spans, span)]);
  expect(tree).toEqual([
    ['execute_tool uuid-generator', 'run spell.lua'],
    ['execute_tool file-operations', 'run spell.lua'],
    ['chat echo', 'invoke_agent poet'],
    ['invoke_agent poet', 'run spell.lua'],
    ['run spell.lua', undefined],
  ]);
  expect(named(spans, 'chat echo').attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'mock',
    'gen_ai.request.model': 'echo',
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
  });
  expect(named(spans, 'invoke_agent poet').attributes).toMatchObject({ 'gen_ai.agent.name': 'poet' });
});

test('a failure is in the status, by its code', async () => {
  const span = named(await run(SPELL, { tracing: { opentelemetry: true } }), 'execute_tool file-operations');
  expect(span.status.code).toBe(SpanStatusCode.ERROR);
  expect(span.attributes['error.type']).toBe('permission.read');
  expect(span.events.map(({ name }) => name)).toContain('llmspell.permission.refused');
});

test('content is in no span unless it is asked for', async () => {
  const shown = (spans: readonly ReadableSpan[]) =>
    JSON.stringify(
      spans.map(({ attributes, events, status, name }) => ({ attributes, events, status, name })),
    );
  expect(shown(await run(SPELL, { tracing: { opentelemetry: true } }))).not.toMatch(/rivers|secret place/);
  exporter.reset();
  const spans = await run(SPELL, { tracing: { opentelemetry: true, content: true } });
  expect(named(spans, 'execute_tool file-operations').attributes['gen_ai.tool.call.arguments']).toContain(
    'secret place',
  );
  expect(named(spans, 'invoke_agent poet').attributes['gen_ai.output.messages']).toContain('rivers');
});

test('no span is made where none is wanted', async () => {
  expect(await run(SPELL, {})).toEqual([]);
});

test('TRACEPARENT says what the run is a part of', async () => {
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  const spans = await run(
    'return 1',
    { tracing: { opentelemetry: true } },
    { env: { TRACEPARENT: traceparent } },
  );
  const [span] = spans;
  expect(span!.spanContext().traceId).toBe('ab'.repeat(16));
  expect(span!.parentSpanContext).toMatchObject({ spanId: 'cd'.repeat(8), isRemote: true });
});

test.each(['', 'nonsense', `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`])(
  'a TRACEPARENT that is none is left aside: %j',
  async (TRACEPARENT) => {
    const [span] = await run('return 1', { tracing: { opentelemetry: true } }, { env: { TRACEPARENT } });
    expect(span!.parentSpanContext).toBeUndefined();
  },
);

test('a run is a part of the span that is active in the program', async () => {
  const observers = [await openTelemetry()];
  const outer = trace.getTracer('program').startSpan('request');
  const inside = trace.setSpan(ROOT_CONTEXT, outer);
  const spans = await context.with(inside, () => run('return 1', {}, { observers }));
  expect(named(spans, 'run spell.lua').parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
});
