import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Library from '../src/index.js';
import { type Attack, readAttacks } from './support/attack.js';

const { Kernel, createPermissions, loadConfig, toJson } = createRequire(import.meta.url)(
  '../dist/index.cjs',
) as typeof Library;

/** Stands in files and variables that no script may see. */
const CANARY = 'canary-7f3a91';
/** What would betray the host: its stack frames, its files, its modules. */
const HOST_TRACES = /node:internal|isolate\.cjs|index\.cjs|\.ts:\d+|wasm-function|LlmspellError/;
const DIRECTORIES = { lua: 'lua', javascript: 'javascript' } as const;

let root: string;
let inside: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'llmspell-')));
  inside = join(root, 'inside');
  mkdirSync(inside);
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside', 'secret.txt'), CANARY);
  writeFileSync(join(root, 'outside', 'secret.lua'), `return "${CANARY}"`);
  writeFileSync(join(root, 'outside', 'secret.js'), `export default "${CANARY}";`);
  writeFileSync(join(inside, 'note.txt'), 'a note\n');
  symlinkSync(join(root, 'outside', 'secret.txt'), join(inside, 'link.txt'));
  symlinkSync(join(root, 'outside'), join(inside, 'linked'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function makeKernel(memory: number): Promise<Library.Kernel> {
  const env = { LLMSPELL_HOME: join(root, 'home'), SECRET_KEY: CANARY };
  const bytes = memory * 1024 * 1024;
  const engines = { lua: { max_memory_bytes: bytes }, javascript: { max_heap_size_bytes: bytes } };
  const overrides = { engines, runtime: { state_persistence: { backend_type: 'memory' as const } } };
  const config = await loadConfig({ cwd: inside, home: root, env, overrides });
  const grants = { read: [inside], write: [inside], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: inside });
  return new Kernel({ config, permissions, cwd: inside, environment: env });
}

/** What an attack left behind. */
interface Result {
  outcome: Library.Outcome;
  printed: string;
  /** Megabytes by which the process grew at most. */
  grown: number;
}

async function attempt(session: Library.Session, { language, code, name, timeout }: Attack): Promise<Result> {
  let printed = '';
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  const outcome = await session.execute({
    language,
    source: {
      code,
      name,
      directory: inside,
      args: { script: name, positional: [join(root, 'outside')], named: {} },
      ...(language === 'javascript' && { interactive: true }),
    },
    timeoutMs: timeout,
    onMessage: (message) => {
      if (message.type === 'stream' && printed.length < 100_000) printed += message.text;
    },
  });
  clearInterval(watch);
  return { outcome, printed, grown: (peak - before) / 1024 / 1024 };
}

function judge({ expected }: Attack, outcome: Library.Outcome): void {
  const { error, value, exitCode, timedOut } = outcome;
  const message = error && `${error.code}: ${error.message}`;
  switch (expected.kind) {
    case 'value':
      expect(message).toBeUndefined();
      return expect(toJson(value)).toEqual(expected.value);
    case 'error':
      return expect(expected.codes, message).toContain(error?.code);
    case 'exit':
      return expect(exitCode, message).toBe(expected.code);
    case 'timeout':
      return expect(error?.code, message).toBe('execution.timeout');
    case 'killed':
      return expect(error?.code, message).toBe('execution.killed');
    case 'stopped':
      return expect(timedOut, message).toBe(true);
  }
}

/** Nothing of the host or of what was not granted came out, and the host is as it was. */
function judgeHost({ outcome, printed }: Result): void {
  const seen = `${printed}\n${JSON.stringify([toJson(outcome.value), outcome.error ?? null])}`;
  expect(seen).not.toContain(CANARY);
  expect(seen).not.toContain('root:x:0');
  expect(`${outcome.error?.message}\n${outcome.error?.traceback}`).not.toMatch(HOST_TRACES);
  expect(Object.keys(Object.prototype), 'Object.prototype is untouched').toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect([].concat.name, 'Array.prototype is untouched').toBe('concat');
}

/** The session answers as if nothing had happened; a stopped one still knows its globals. */
async function judgeAfter(session: Library.Session, { language, expected }: Attack): Promise<void> {
  const survivor = expected.kind === 'timeout' ? 'KEPT' : '"kept"';
  const code = language === 'lua' ? `return ${survivor}` : `(${survivor})`;
  const source = { code, name: 'after', interactive: true };
  const after = await session.execute({ language, source, timeoutMs: 10_000 });
  expect(after.error).toBeUndefined();
  expect(after.value).toBe('kept');
}

describe.each(['lua', 'javascript'] as const)('%s', (language) => {
  const attacks = readAttacks(join(import.meta.dirname, 'sandbox-escapes', DIRECTORIES[language]), language);
  const kernels = new Map<number, Library.Kernel>();
  afterAll(() => Promise.all([...kernels.values()].map((kernel) => kernel.shutdown())));

  test.each(attacks)('$name: $title', async (attack) => {
    const kernel = kernels.get(attack.memory) ?? (await makeKernel(attack.memory));
    kernels.set(attack.memory, kernel);
    const session = kernel.createSession();
    try {
      const code = language === 'lua' ? 'KEPT = "kept"' : 'globalThis.KEPT = "kept"; 0';
      await session.execute({ language, source: { code, name: 'before' } });
      const result = await attempt(session, attack);
      judge(attack, result.outcome);
      judgeHost(result);
      if (attack.grows !== undefined) expect(result.grown).toBeLessThan(attack.grows);
      await judgeAfter(session, attack);
    } finally {
      await session.close();
    }
  });
});
