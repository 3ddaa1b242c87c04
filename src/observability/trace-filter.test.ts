import { describe, expect, test } from 'vitest';
import type { EventBody, JournalEvent } from '../core/events.js';
import { CATEGORIES, categoryOf } from './categories.js';
import { parseTraceFilter, traces } from './trace-filter.js';

const at = (body: EventBody, path = 'run') => ({ ...body, run: 'r', seq: 1, path, time: 0 }) as JournalEvent;
const log = (module?: string): EventBody => ({
  type: 'log',
  level: 'info',
  message: 'm',
  ...(module && { module }),
});
const started = (kind: 'tool' | 'agent' | 'workflow' | 'model'): EventBody => ({
  type: 'component.started',
  kind,
  name: 'n',
  input: null,
});

test.each<[string, JournalEvent]>([
  ['script_runtime', at({ type: 'run.started', kind: 'script', name: 's' })],
  ['script_runtime', at(log('os'))],
  ['tool', at(started('tool'))],
  ['tool', at(log(), 'run/agent:a/tool:t[2]')],
  ['agent', at(started('agent'))],
  ['agent', at(started('model'))],
  ['agent', at({ type: 'model.retry', attempt: 1, waitMs: 1, reason: 'r' })],
  ['workflow', at(started('workflow'))],
  ['hook', at({ type: 'hook.executed', point: 'p', hook: 'h', result: 'continue', durationMs: 1 })],
  ['hook', at(log('hooks'))],
  ['event', at({ type: 'event.backpressure', subscription: 's', change: 'started', queued: 1 })],
  ['state', at({ type: 'state.changed', scope: 's', key: 'k', operation: 'set' })],
  ['session', at({ type: 'session.changed', session: 's', change: 'created' })],
  ['security', at({ type: 'permission', capability: 'read', target: '/', granted: false })],
  ['vector', at(log('rag.index'))],
  ['transport', at(log('mcp'))],
  ['debug', at(log('app.main'))],
  ['debug', at(log('constructor'))],
])('%s', (category, event) => {
  expect(categoryOf(event)).toBe(category);
  expect(CATEGORIES).toContain(category);
});

describe('a filter', () => {
  test('has a level, and levels of single categories', () => {
    expect(parseTraceFilter('info, tool=debug,hook=off')).toEqual({
      level: 'info',
      chosen: true,
      categories: { tool: 'debug', hook: 'off' },
    });
  });
  test('without a level means warn, unasked', () =>
    expect(parseTraceFilter('tool=debug')).toMatchObject({ level: 'warn', chosen: false }));
  test('lets through what is as severe, or more', () => {
    const filter = parseTraceFilter('off,tool=info');
    expect([
      traces(filter, 'tool', 'warn'),
      traces(filter, 'tool', 'debug'),
      traces(filter, 'agent', 'error'),
    ]).toEqual([true, false, false]);
  });
  test.each([
    ['loud', /no log level/],
    ['tool=loud', /no log level/],
    ['tols=debug', /no tracing category/],
    ['', /no log level/],
    ['warn,', /no log level/],
    ['__proto__=debug', /no tracing category/],
  ])('%j is refused', (text, message) => {
    expect(() => parseTraceFilter(text)).toThrow(message);
  });
});
