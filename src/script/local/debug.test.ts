import { describe, expect, test } from 'vitest';
import type { ScriptValue } from '../../core/values.js';
import { debugMembers } from './debug.js';
import type { DebugHost } from './debug-host.js';
import { parseLevel } from './debug-levels.js';

/** The members over clocks that a test moves by hand. */
function start(extra: Partial<DebugHost> = {}) {
  const clock = { now: Date.UTC(2026, 0, 2, 3, 4, 5, 6), elapsed: 0 };
  const logged: unknown[] = [];
  const host: DebugHost = {
    now: () => clock.now,
    elapsed: () => clock.elapsed,
    log: (entry) => logged.push(entry),
    ...extra,
  };
  const members = debugMembers(host);
  const call = (name: string, ...args: ScriptValue[]) => members[`Debug.${name}`]!(...args);
  return { call, clock, logged };
}

/** Which of the modules pass the filters. */
function passing(debug: ReturnType<typeof start>, modules: string[]): string[] {
  return modules.filter((module) => {
    debug.logged.length = 0;
    debug.call('info', 'x', module);
    return debug.logged.length === 1;
  });
}

describe('levels', () => {
  test.each([
    ['off', 'OFF'],
    ['None', 'OFF'],
    ['0', 'OFF'],
    ['ERR', 'ERROR'],
    ['warning', 'WARN'],
    ['3', 'INFO'],
    ['Debug', 'DEBUG'],
    ['5', 'TRACE'],
    ['loud', undefined],
    ['6', undefined],
    ['constructor', undefined],
  ])('%s is %s', (text, level) => {
    expect(parseLevel(text)).toBe(level);
  });

  test('decide what is logged', () => {
    const { call, logged } = start();
    expect(call('getLevel')).toBe('INFO');
    call('debug', 'too quiet');
    call('warn', 'loud', 'app');
    expect(call('setLevel', 'trace')).toBe(true);
    call('trace', 'now heard');
    call('log', 'nonsense', 'ignored');
    expect(call('setLevel', 'nonsense')).toBe(false);
    expect(logged).toEqual([
      { level: 'WARN', message: 'loud', module: 'app' },
      { level: 'TRACE', message: 'now heard' },
    ]);
  });

  test('nothing is logged while off or disabled', () => {
    const { call, logged } = start();
    call('setLevel', 'off');
    call('error', 'x');
    call('setLevel', 'trace');
    call('setEnabled', false);
    call('error', 'x');
    expect(call('isEnabled')).toBe(false);
    expect(logged).toEqual([]);
  });

  test('messages may be any scalar and nothing else', () => {
    const { call, logged } = start();
    call('info', 42);
    call('info', true);
    expect(logged).toMatchObject([{ message: '42' }, { message: 'true' }]);
    expect(() => call('info', {})).toThrow('is an object');
    expect(() => call('info')).toThrow('missing');
  });
});

describe('module filters', () => {
  const modules = ['app', 'app.main', 'app.main.deep', 'application', 'net.http', 'net'];

  test('the first rule that lets something pass makes a list of what is wanted', () => {
    const debug = start();
    expect(passing(debug, modules)).toEqual(modules);
    debug.call('addModuleFilter', 'app.*', true);
    expect(passing(debug, modules)).toEqual(['app', 'app.main', 'app.main.deep']);
    debug.logged.length = 0;
    debug.call('info', 'no module');
    expect(debug.logged).toHaveLength(1);
  });

  test('a first rule that refuses leaves the default', () => {
    const debug = start();
    debug.call('addModuleFilter', 'net', false);
    expect(passing(debug, modules)).toEqual(['app', 'app.main', 'app.main.deep', 'application', 'net.http']);
  });

  test('exact wins over the longest prefix, that over wildcards and expressions, those over the default', () => {
    const debug = start();
    debug.call('addModuleFilter', '*', true);
    debug.call('addAdvancedFilter', '^net', 'regex', false);
    debug.call('addAdvancedFilter', 'app', 'hierarchical', false);
    debug.call('addModuleFilter', 'app.main.*', true);
    debug.call('addModuleFilter', 'app.main', false);
    expect(passing(debug, modules)).toEqual(['app.main.deep', 'application']);
  });

  test.each([
    ['app*', ['app', 'app.main', 'app.main.deep', 'application']],
    ['ne?', ['net']],
    ['[an]et', ['net']],
    ['[!a]*', ['net.http', 'net']],
    ['a.*p', []],
  ])('the wildcard %s', (pattern, expected) => {
    const debug = start();
    debug.call('addModuleFilter', pattern, true);
    expect(passing(debug, modules)).toEqual(expected);
  });

  test('bad patterns and types are refused', () => {
    const { call } = start();
    expect(call('addAdvancedFilter', '(', 'regex', true)).toBe(false);
    expect(call('addAdvancedFilter', 'a'.repeat(201), 'regex', true)).toBe(false);
    expect(call('addAdvancedFilter', 'a', 'psychic', true)).toBe(false);
    expect(call('getFilterSummary')).toEqual({ default_enabled: true, total_rules: 0, rules: [] });
  });

  test('can be summarised, removed in both spellings and cleared', () => {
    const { call } = start();
    call('addModuleFilter', 'a.*', true);
    call('addModuleFilter', 'b', false);
    expect(call('getFilterSummary')).toEqual({
      default_enabled: false,
      total_rules: 2,
      rules: [
        { pattern: 'a', pattern_type: 'hierarchical', enabled: true },
        { pattern: 'b', pattern_type: 'exact', enabled: false },
      ],
    });
    expect([call('removeModuleFilter', 'a.*'), call('removeModuleFilter', 'a.*')]).toEqual([true, false]);
    call('clearModuleFilters');
    call('setDefaultFilterEnabled', true);
    expect(call('getFilterSummary')).toEqual({ default_enabled: true, total_rules: 0, rules: [] });
  });
});

describe('captured entries', () => {
  test('hold what was logged, oldest first', () => {
    const { call } = start();
    call('info', 'one');
    call('logWithData', 'error', 'two', { n: 1 }, 'app');
    expect(call('getCapturedEntries')).toEqual([
      { timestamp: '2026-01-02T03:04:05.006Z', level: 'INFO', message: 'one' },
      {
        timestamp: '2026-01-02T03:04:05.006Z',
        level: 'ERROR',
        message: 'two',
        module: 'app',
        metadata: { n: 1 },
      },
    ]);
    expect(call('getCapturedEntries', 1)).toMatchObject([{ message: 'two' }]);
    expect(call('getCapturedEntries', 0)).toEqual([]);
    call('clearCaptured');
    expect(call('getCapturedEntries')).toEqual([]);
  });

  test('are at most ten thousand', () => {
    const { call } = start();
    for (let i = 0; i < 11_500; i++) call('info', i);
    const entries = call('getCapturedEntries') as { message: string }[];
    expect([entries.length, entries[0]?.message, entries.at(-1)?.message]).toEqual([10_000, '1500', '11499']);
  });
});

describe('timers', () => {
  test('measure until they are stopped', () => {
    const { call, clock } = start();
    const id = call('timer', 'start', 'work') as string;
    clock.elapsed = 30;
    expect(call('timer', 'elapsed', id)).toBe(30);
    expect(call('timer', 'lap', id, 'half')).toBe(true);
    expect(call('recordEvent', id, 'seen', { n: 1 })).toBe(true);
    clock.elapsed = 50;
    expect(call('timer', 'stop', id)).toBe(50);
    expect([call('timer', 'stop', id), call('timer', 'elapsed', id)]).toEqual([null, null]);
    expect([call('timer', 'lap', id, 'late'), call('recordEvent', id, 'late')]).toEqual([false, false]);
  });

  test('give statistics that are true', () => {
    const { call, clock } = start();
    for (let duration = 1; duration <= 100; duration++) {
      const id = call('timer', 'start', 'work') as string;
      clock.elapsed += duration;
      call('timer', 'stop', id);
    }
    const report = JSON.parse(call('jsonReport') as string);
    expect(report).toEqual({
      version: '1.0',
      generated_at: '2026-01-02T03:04:05.006Z',
      summary: {
        total_operations: 100,
        total_time_ms: 5050,
        avg_time_ms: 50.5,
        slowest_operation: 'work',
        fastest_operation: 'work',
      },
      timings: {
        work: {
          count: 100,
          total_ms: 5050,
          mean_ms: 50.5,
          min_ms: 1,
          max_ms: 100,
          p50_ms: 50,
          p95_ms: 95,
          p99_ms: 99,
        },
      },
    });
    expect(call('performanceReport')).toContain(
      'work: 100×, total 5050.000 ms, mean 50.500 ms, p50 50.000 ms',
    );
  });

  test('nest in the flame graph, each with its own time', () => {
    const { call, clock } = start();
    const outer = call('timer', 'start', 'outer') as string;
    clock.elapsed = 2;
    const inner = call('timer', 'start', 'in;ner') as string;
    clock.elapsed = 5;
    call('timer', 'stop', inner);
    clock.elapsed = 6;
    call('timer', 'stop', outer);
    expect(call('flameGraph')).toBe('outer 3000\nouter;in,ner 3000');
  });

  test('reports without timers say so', () => {
    const { call } = start();
    expect(call('performanceReport')).toContain('No timer');
    expect(JSON.parse(call('jsonReport') as string)).toMatchObject({
      summary: { total_operations: 0, slowest_operation: null },
    });
    expect(call('flameGraph')).toBe('');
  });
});

describe('memory and errors', () => {
  test('memory is what the engine says', () => {
    let bytes = 1000;
    const { call } = start({ memory: () => bytes });
    expect(call('memoryStats')).toMatchObject({ used_bytes: 1000 });
    call('memorySnapshot');
    call('timer', 'start', 'work');
    bytes = 1500;
    expect(call('memorySnapshot')).toEqual({
      timestamp_secs: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000,
      active_trackers: 1,
      total_memory_delta_bytes: 500,
      tracker_memory_usage: { work: 500 },
    });
  });

  test('the last error is the kernel’s', () => {
    expect(start().call('last_error')).toBeNull();
    const error = { code: 'tool.not_found', message: 'no' };
    expect(start({ lastError: () => error }).call('last_error')).toEqual(error);
  });
});
