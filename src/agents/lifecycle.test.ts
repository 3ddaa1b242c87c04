import { expect, test } from 'vitest';
import { type AgentState, Lifecycle, type LifecycleAction } from './lifecycle.js';

const ACTIONS: LifecycleAction[] = [
  'initialize',
  'start',
  'pause',
  'resume',
  'stop',
  'terminate',
  'set_error',
  'recover',
];

/** For each state: how to get there, and where each possible action leads. */
const TABLE: [AgentState, LifecycleAction[], Partial<Record<LifecycleAction, AgentState>>][] = [
  ['Uninitialized', [], { initialize: 'Ready', set_error: 'Error' }],
  ['Ready', ['initialize'], { start: 'Running', terminate: 'Terminated', set_error: 'Error' }],
  [
    'Running',
    ['initialize', 'start'],
    { pause: 'Paused', stop: 'Ready', terminate: 'Terminated', set_error: 'Error' },
  ],
  [
    'Paused',
    ['initialize', 'start', 'pause'],
    { start: 'Running', resume: 'Running', terminate: 'Terminated', set_error: 'Error' },
  ],
  ['Error', ['set_error'], { recover: 'Ready', terminate: 'Terminated', set_error: 'Error' }],
  ['Terminated', ['initialize', 'terminate'], {}],
];

test.each(TABLE)('%s', (state, way, leads) => {
  for (const action of ACTIONS) {
    const machine = new Lifecycle('a', () => 0);
    for (const step of way) machine.act(step);
    expect(machine.state).toBe(state);
    expect(machine.allowed.includes(action)).toBe(action in leads);
    if (leads[action]) machine.act(action);
    else
      expect(() => machine.act(action)).toThrow(
        expect.objectContaining({ code: 'agent.illegal_transition' }),
      );
    expect(machine.state).toBe(leads[action] ?? state);
  }
});

test('history tells from, to, when and why', () => {
  let now = 1000;
  const machine = new Lifecycle('a', () => now);
  now = 1500;
  machine.act('initialize');
  machine.act('set_error', 'out of luck');
  expect(machine.lastError).toBe('out of luck');
  expect(machine.history).toEqual([
    { from: 'Uninitialized', to: 'Initializing', time: 1500, elapsedMs: 500 },
    { from: 'Initializing', to: 'Ready', time: 1500, elapsedMs: 0 },
    { from: 'Ready', to: 'Error', time: 1500, elapsedMs: 0, reason: 'out of luck' },
  ]);
});

test('recoveries are limited', () => {
  const machine = new Lifecycle('a', () => 0);
  for (let n = 0; n < 3; n++) {
    machine.act('set_error', 'again');
    machine.act('recover');
  }
  expect(machine).toMatchObject({ recoveryAttempts: 3, lastError: undefined, healthy: true });
  machine.act('set_error', 'again');
  expect(() => machine.act('recover')).toThrow('used up');
});

test('only agents that are not paused, in error or terminated execute', () => {
  const machine = new Lifecycle('a', () => 0);
  machine.requireExecutable();
  for (const step of ['initialize', 'start'] as const) machine.act(step);
  machine.requireExecutable();
  machine.act('pause');
  expect(() => machine.requireExecutable()).toThrow('Paused');
  machine.end('destroyed');
  expect(() => machine.requireExecutable()).toThrow('Terminated');
});
