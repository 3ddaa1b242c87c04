import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { fail } from '../core/errors.js';
import { parseReference, type Reference, type ScriptValue } from '../core/values.js';
import type { Language } from './protocol.js';
import { type Harness, startIsolate } from './testing.js';

interface Spelling {
  loop: string;
  swallowing: string;
  waiting: string;
  fine: string;
  survive: string;
}

const CODE: Record<Language, Spelling> = {
  lua: {
    loop: 'function() while true do end end',
    swallowing: 'function() while true do pcall(function() while true do end end) end end',
    waiting: 'function() Tool.execute("never") end',
    fine: 'function(n) return n + 1 end',
    survive:
      'kept = 7\nlocal r = Tool.execute("call", FN)\nlocal n = 0\nfor i = 1, 1e6 do n = n + 1 end\nreturn r + kept + n',
  },
  javascript: {
    loop: '() => { for (;;) {} }',
    swallowing: '() => { for (;;) { try { for (;;) {} } catch {} } }',
    waiting: '() => Tool.execute("never")',
    fine: '(n) => n + 1',
    survive:
      'globalThis.kept = 7; const r = Tool.execute("call", FN); let n = 0; for (let i = 0; i < 1e5; i++) n++; r + kept + n * 10',
  },
};

/** An isolate whose call of `call` runs the function that it is given until `stop` aborts. */
function startCaller(language: Language, stop: AbortSignal): { harness: Harness; errors: string[] } {
  const errors: string[] = [];
  const harness: Harness = startIsolate(language, async ({ args }) => {
    if (args[0] === 'never') return new Promise<ScriptValue>(() => {});
    const fn = Number(parseReference(args[1] as Reference).id);
    try {
      return await harness.isolate.callFunction(fn, [1], { signal: stop });
    } catch (thrown) {
      errors.push((thrown as Error).message);
      return 100;
    }
  });
  return { harness, errors };
}

describe.each(['lua', 'javascript'] as const)('a callback in %s', (language) => {
  const code = CODE[language];

  test.each(['loop', 'swallowing', 'waiting'] as const)(
    'that does not end (%s) is cut off, and the script that waits for it goes on',
    async (kind) => {
      const stop = new AbortController();
      const { harness, errors } = startCaller(language, stop.signal);
      const called = harness.called('Tool.execute');
      const done = harness.run(code.survive.replace('FN', code[kind]));
      done.catch(() => {});
      await called;
      await sleep(100);
      stop.abort(fail('hook.timeout', 'too long'));
      expect((await done).value).toBe(1_000_107);
      expect(errors).toEqual(['too long']);
      expect(harness.isolate.dead).toBeUndefined();
      expect(await harness.value('kept')).toBe(7);
    },
  );

  test('that does not end is cut off between executions too', async () => {
    const stop = new AbortController();
    const { harness } = startCaller(language, stop.signal);
    await harness.run(code.survive.replace('FN', code.fine));
    const { isolate } = harness;
    const kept = harness.run(`Tool.execute("call", ${code.loop})`);
    await sleep(50);
    stop.abort(fail('hook.timeout', 'too long'));
    await kept;
    const fn = Number(parseReference(harness.calls.at(-1)!.args[1] as Reference).id);
    const again = new AbortController();
    const call = isolate.callFunction(fn, [], { signal: again.signal });
    await sleep(50);
    again.abort(fail('hook.timeout', 'too long'));
    await expect(call).rejects.toThrow('too long');
    expect(await harness.value('kept')).toBe(7);
  });

  test('waits for a script that computes, and is withdrawn when nobody wants it any more', async () => {
    const { harness } = startCaller(language, new AbortController().signal);
    await harness.run(code.survive.replace('FN', code.fine));
    const fn = Number(parseReference(harness.calls.at(-1)!.args[1] as Reference).id);
    const busy = harness.run(language === 'lua' ? 'while true do end' : 'for (;;) {}');
    busy.catch(() => {});
    const stop = new AbortController();
    const call = harness.isolate.callFunction(fn, [1], { signal: stop.signal });
    stop.abort(fail('hook.timeout', 'too long'));
    await expect(call).rejects.toThrow('too long');
    const later = harness.isolate.callFunction(fn, [1]);
    await harness.isolate.stop('interrupt', fail('execution.interrupted', 'enough'));
    expect(await later).toBe(2);
  });
});
