import { afterEach } from 'vitest';
import type { LlmspellError } from '../core/errors.js';
import type { ScriptValue } from '../core/values.js';
import type { ExecutionValue } from './engine.js';
import { Isolate, type IsolateOptions } from './isolate-handle.js';
import type { Language, Source } from './protocol.js';

/** A call that a script made. */
export interface RecordedCall {
  member: string;
  handle: string | undefined;
  args: ScriptValue[];
}

/** Answers calls of the script under test. Contract: may throw `LlmspellError`s. */
export type Answer = (call: RecordedCall) => ScriptValue | Promise<ScriptValue>;

/** An isolate of the built package, with a kernel that a test plays. */
export interface Harness {
  isolate: Isolate;
  calls: RecordedCall[];
  /** Everything printed, by stream. */
  output: { stdout: string; stderr: string };
  released: { handle: string; count: number }[];
  logged: unknown[];
  /** Runs a file's source. */
  run(code: string, source?: Partial<Source>): Promise<ExecutionValue>;
  /** Resolves when the script has called a member. */
  called(member: string): Promise<void>;
  /** Runs interactive input and gives its value. */
  value(code: string): Promise<ScriptValue | undefined>;
  /** Runs a file's source that must fail. */
  failure(code: string, source?: Partial<Source>): Promise<LlmspellError>;
}

const FILE = { lua: 'main.lua', javascript: 'main.js' } as const;

const open: Isolate[] = [];
afterEach(async () => {
  for (const isolate of open.splice(0)) await isolate.kill();
});

/** Starts an isolate that ends with the test. Without an answer, `Tool.execute` gives back its second argument. */
export function startIsolate(
  language: Language,
  answer: Answer = echo,
  options: Partial<IsolateOptions> = {},
): Harness {
  const calls: RecordedCall[] = [];
  const waiting = new Map<string, () => void>();
  const output = { stdout: '', stderr: '' };
  const released: Harness['released'] = [];
  const logged: unknown[] = [];
  const isolate = new Isolate(
    language,
    {
      call: async (member, handle, args) => {
        calls.push({ member, handle, args });
        waiting.get(member)?.();
        return answer({ member, handle, args });
      },
      output: (stream, text) => void (output[stream] += text),
      log: (entry) => logged.push(entry),
      release: (handle, count) => released.push({ handle, count }),
      effect: () => {},
    },
    { memoryBytes: 64 * 1024 * 1024, seed: 7, ...options },
  );
  open.push(isolate);
  const run = (code: string, source: Partial<Source> = {}) =>
    isolate.execute({ code, name: FILE[language], ...source });
  return {
    isolate,
    calls,
    output,
    released,
    logged,
    run,
    called: (member) => new Promise((resolve) => waiting.set(member, resolve)),
    value: async (code) => (await run(code, { interactive: true })).value,
    failure: (code, source) =>
      run(code, source).then(
        (result) => Promise.reject(new Error(`did not fail: ${JSON.stringify(result.text)}`)),
        (error: LlmspellError) => error,
      ),
  };
}

function echo({ args }: RecordedCall): ScriptValue {
  return args[1] ?? null;
}
