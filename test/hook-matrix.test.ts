import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOOK_POINTS } from '../src/core/hook-points.js';
import { ruleOf } from '../src/hooks/point-rules.js';
import type * as Library from '../src/index.js';
import { POINT_CASES, type PointCase } from './hook-matrix/points.js';

const { Kernel, createPermissions, loadConfig } = createRequire(import.meta.url)(
  '../dist/index.cjs',
) as typeof Library;

type Language = 'lua' | 'javascript';
const LANGUAGES: readonly Language[] = ['lua', 'javascript'];
const OTHER: Record<Language, Language> = { lua: 'javascript', javascript: 'lua' };

/** What a handler answers: a table for both languages. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  continue: { type: 'continue' },
  modified: { type: 'modified', data: { mark: 'MARK' } },
  cancel: { type: 'cancel', reason: 'REASON' },
  redirect: { type: 'redirect', target: '' },
  replace: { type: 'replace', data: 'REPLACED' },
  retry: { type: 'retry', delay_ms: 1, max_attempts: 2 },
  fork: {
    type: 'fork',
    operations: [
      { id: 'f', operation_type: 'tool', parameters: { name: 'calculator', input: { input: '40+2' } } },
    ],
  },
  cache: { type: 'cache', key: 'KEY', ttl: 60 },
  skipped: { type: 'skipped', reason: 'REASON' },
  unknown: { type: 'contnue' },
};

let home: string;
let kernel: Library.Kernel;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-'));
  const env = { LLMSPELL_HOME: home };
  const overrides = {
    hooks: {
      monitor: { interval_ms: 80, memory_mb: 1, cpu_percent: 0.0001, duration_ms: 1 },
      rate_limit_per_minute: 1e6,
    },
    runtime: {
      state_persistence: { backend_type: 'memory' as const },
      sessions: { storage_backend: 'memory' as const, max_sessions: 1e6 },
      journal: { enabled: false },
    },
  };
  const config = await loadConfig({ cwd: home, home, env, overrides });
  const grants = { read: [home], write: [home], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: home });
  kernel = new Kernel({ config, permissions, cwd: home, environment: env });
});
afterAll(async () => {
  await kernel.shutdown();
  rmSync(home, { recursive: true, force: true });
});

interface Played {
  value: unknown;
  code: string | undefined;
  printed: string;
  events: { type: string; [key: string]: unknown }[];
}

/** A session with its own record of what happens. */
class Stage {
  readonly session = kernel.createSession();
  private printed = '';
  private events: Played['events'] = [];

  /** @param more adds to the record of the run before. */
  async run(language: Language, code: string, timeoutMs?: number, more = false): Promise<Played> {
    if (!more) [this.printed, this.events] = ['', []];
    const outcome = await this.session.execute({
      language,
      source: { code, name: 'cell', directory: home, interactive: true },
      timeoutMs,
      onMessage: (message) => {
        if (message.type === 'stream') this.printed += message.text;
      },
      onEvent: (event) => this.events.push(event as never),
    });
    return { value: outcome.value, code: outcome.error?.code, printed: this.printed, events: this.events };
  }

  /** What happened since the last run began. */
  async close(): Promise<Played> {
    [this.printed, this.events] = ['', []];
    await this.session.close();
    return { value: undefined, code: undefined, printed: this.printed, events: this.events };
  }
}

function literal(language: Language, value: unknown): string {
  const json = JSON.stringify(value);
  return language === 'lua' ? `JSON.parse([==[${json}]==])` : json;
}

/** A handler that prints its number and what it was given, and answers. */
function register(language: Language, point: string, number: number, answer: unknown): string {
  const reply = literal(language, answer);
  return language === 'lua'
    ? `mine = mine or {} table.insert(mine, Hook.register("${point}", function(ctx) print("${number}:" .. JSON.stringify(ctx.data)) return ${reply} end, "${number === 1 ? 'high' : 'low'}"))`
    : `(globalThis.mine ??= []).push(Hook.register("${point}", (ctx) => { print("${number}:" + JSON.stringify(ctx.data)); return ${reply}; }, "${number === 1 ? 'high' : 'low'}")); 1`;
}

const UNREGISTER: Record<Language, string> = {
  lua: 'for _, hook in ipairs(mine or {}) do hook:unregister() end mine = {}',
  javascript: 'for (const hook of globalThis.mine ?? []) hook.unregister(); globalThis.mine = []; 1',
};

/** Each trigger stands in a scope of its own, so that it can be run again. */
function scoped(trigger: string): string {
  const parts = trigger.split(/;\s*(?=[^;]*$)/);
  const last = parts.pop()!;
  return `(() => { ${parts.join(';')}; return ${last}; })()`;
}

async function reach(stage: Stage, { by, trigger }: PointCase): Promise<Played> {
  if (by === 'close') return stage.close();
  if (by === 'timeout') return stage.run('javascript', trigger, 60);
  return stage.run('javascript', scoped(trigger), undefined, by === 'monitor');
}

/** The handler that answers, and after it one of the other language; a start and a monitor leave room for one execution only. */
async function registerBoth(
  stage: Stage,
  language: Language,
  { point, by }: PointCase,
  answer: unknown,
): Promise<void> {
  const first = register(language, point, 1, answer);
  if (by === 'start' || by === 'monitor')
    return void (await stage.run(language, `${first};\n${register(language, point, 2, ANSWERS.continue)}`));
  await stage.run(language, first);
  await stage.run(OTHER[language], register(OTHER[language], point, 2, ANSWERS.continue));
}

const calls = ({ printed }: Played, number: number) =>
  printed.split('\n').filter((line) => line.startsWith(`${number}:`));
const errorsOf = ({ events }: Played) =>
  events.flatMap((event) =>
    event.type === 'hook.executed' && event.error ? [(event.error as { code: string }).code] : [],
  );
const forked = ({ events }: Played) =>
  events.filter(
    (event) =>
      event.type === 'component.started' &&
      event.name === 'calculator' &&
      String(event.path).includes('/hook:'),
  ).length;

/** Checks that an answer has just the effect that it has at this point. */
function judge(kind: string, point: PointCase, played: Played, before: Played): void {
  const rule = ruleOf(point.point as never);
  expect(calls(played, 1).length, 'the handler is called').toBeGreaterThan(0);
  if (kind === 'unknown') return expect(errorsOf(played)).toContain('hook.invalid_result');
  if (!rule.takes.includes(kind as never))
    return expect(errorsOf(played)).toContain('hook.unsupported_result');
  expect(errorsOf(played)).toEqual([]);
  const goesOn = () => expect(played.code).toBe(before.code);
  switch (kind) {
    case 'cancel':
      expect(calls(played, 2)).toEqual([]);
      return point.by === 'close' ? undefined : expect(played.code).toBe('hook.cancelled');
    case 'modified':
      expect(calls(played, 2)[0]).toContain('MARK');
      return goesOn();
    case 'replace':
      expect(calls(played, 2)).toEqual([]);
      expect(played.code).toBeUndefined();
      return expect(JSON.stringify(played.value)).toMatch(point.replaced ?? /REPLACED/);
    case 'redirect':
      return expect(`${JSON.stringify(played.value)} ${played.code}`).toMatch(point.redirect!.shows);
    case 'retry':
      expect(calls(played, 1).length).toBeGreaterThanOrEqual(2);
      return rule.retry === 'ask' ? expect(played.code).toBe('hook.cancelled') : goesOn();
    case 'fork':
      expect(forked(played)).toBeGreaterThan(0);
      return goesOn();
    default:
      expect(calls(played, 2).length).toBeGreaterThan(0);
      return goesOn();
  }
}

test('every point is in the table', () => {
  const known = POINT_CASES.map(({ point }) => point);
  expect(HOOK_POINTS.filter((point) => !known.includes(point))).toEqual([]);
});

describe.each(POINT_CASES)('$point', (point) => {
  let stage: Stage;
  let before: Played;
  beforeAll(async () => {
    stage = new Stage();
    if (point.setup) expect((await stage.run('javascript', point.setup)).code).toBeUndefined();
    before = point.by === 'close' ? await new Stage().close() : await reach(stage, point);
    expect(before.code !== undefined).toBe(point.fails ?? false);
  });
  afterAll(() => stage.session.close());

  const cases = LANGUAGES.flatMap((language) =>
    Object.keys(ANSWERS).map((kind) => [kind, language] as const),
  );
  test.each(cases)('%s in %s', async (kind, language) => {
    const own = point.by === 'close' || point.by === 'start' ? new Stage() : stage;
    const answer = { ...ANSWERS[kind] };
    if (kind === 'redirect') answer.target = point.redirect?.target ?? 'nowhere';
    if (kind === 'cache') answer.key = `${point.point}-${language}`;
    await registerBoth(own, language, point, answer);
    const played = await reach(own, point);
    if (own === stage) for (const each of LANGUAGES) await own.run(each, UNREGISTER[each]);
    judge(kind, point, played, before);
  });
});
