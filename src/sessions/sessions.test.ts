import { describe, expect, test } from 'vitest';
import type { HookGate } from '../core/component.js';
import type { SessionStatus } from './record.js';
import { testSessions } from './testing.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = 86_400_000;

describe('what a session is', () => {
  test('it keeps what was said of it', async () => {
    const { sessions, context } = testSessions();
    const settings = { maxArtifacts: 3 };
    const given = {
      name: 'n',
      description: 'd',
      tags: ['a', 'b', 'a'],
      metadata: { x: 1 },
      createdBy: 'kim',
      settings,
    };
    const { id } = await sessions.create(given, context);
    expect(id).toMatch(UUID);
    expect(await sessions.get(id, context)).toMatchObject({ ...given, tags: ['a', 'b'], status: 'active' });
  });

  test('its id may be chosen once, and is a UUID', async () => {
    const { sessions, context } = testSessions();
    const id = '11111111-2222-4333-8444-555555555555';
    expect((await sessions.create({ id }, context)).id).toBe(id);
    await expect(sessions.create({ id }, context)).rejects.toMatchObject({ code: 'session.exists' });
    await expect(sessions.create({ id: 'x' }, context)).rejects.toMatchObject({ code: 'session.invalid_id' });
    await expect(sessions.get('../x', context)).rejects.toThrow('Invalid session ID: ../x');
    expect((await sessions.get(id.toUpperCase(), context)).id).toBe(id);
  });

  test('its parent exists', async () => {
    const { sessions, context } = testSessions();
    const parent = await sessions.create({}, context);
    const child = await sessions.create({ parentId: parent.id }, context);
    expect(await sessions.find({ parentId: parent.id }, context)).toEqual([child]);
    const nobody = '00000000-0000-4000-8000-000000000000';
    await expect(sessions.create({ parentId: nobody }, context)).rejects.toMatchObject({
      code: 'session.not_found',
    });
  });

  test('what is said of it can be changed, and the rest stays', async () => {
    const { sessions, context } = testSessions();
    const { id } = await sessions.create({ name: 'n', tags: ['a'] }, context);
    const after = await sessions.describe(id, { name: 'm', metadata: { y: 2 } }, context);
    expect(after).toMatchObject({ name: 'm', tags: ['a'], metadata: { y: 2 }, operations: 1 });
  });
});

describe('where it can go', () => {
  const OPEN = ['suspend', 'complete', 'fail'] as const;
  const WAYS: Record<Exclude<SessionStatus, 'expired'>, readonly string[]> = {
    active: OPEN,
    suspended: ['resume', 'complete', 'fail'],
    completed: ['archive'],
    failed: ['archive'],
    archived: [],
  };
  const REACH: Record<keyof typeof WAYS, readonly string[]> = {
    active: [],
    suspended: ['suspend'],
    completed: ['complete'],
    failed: ['fail'],
    archived: ['complete', 'archive'],
  };
  const STEPS = ['suspend', 'resume', 'complete', 'fail', 'archive'] as const;

  const take = (step: string, { sessions, context }: ReturnType<typeof testSessions>, id: string) =>
    step === 'complete' || step === 'fail'
      ? sessions[step](id, undefined, context)
      : sessions[step as 'suspend'](id, context);

  const pairs = Object.keys(WAYS).flatMap((from) => STEPS.map((step) => [from, step] as const));
  test.each(pairs)('from %s by %s', async (from, step) => {
    const room = testSessions();
    const { id } = await room.sessions.create({}, room.context);
    for (const before of REACH[from as keyof typeof REACH]) await take(before, room, id);
    const taking = take(step, room, id);
    if (WAYS[from as keyof typeof WAYS].includes(step)) await expect(taking).resolves.toMatchObject({ id });
    else await expect(taking).rejects.toMatchObject({ code: 'session.illegal_transition' });
  });

  test('each step is an event, and its end is kept', async () => {
    const { sessions, context, changes } = testSessions();
    const { id } = await sessions.create({}, context);
    await sessions.save(id, context);
    await sessions.suspend(id, context);
    await sessions.resume(id, context);
    await sessions.complete(id, { answered: 3 }, context);
    expect(await sessions.get(id, context)).toMatchObject({ status: 'completed', summary: { answered: 3 } });
    expect(changes()).toEqual(['created', 'saved', 'suspended', 'resumed', 'completed']);
  });

  test('deleting forgets its state first', async () => {
    const { sessions, context, cleared, changes } = testSessions();
    const { id } = await sessions.create({}, context);
    await sessions.delete(id, context);
    expect(cleared).toEqual([`session:${id}`]);
    expect(changes()).toEqual(['created', 'deleted']);
    await expect(sessions.get(id, context)).rejects.toMatchObject({ code: 'session.not_found' });
    await expect(sessions.delete(id, context)).rejects.toMatchObject({ code: 'session.not_found' });
  });
});

describe('time', () => {
  test('silence expires an active session, which can be taken up again', async () => {
    const { sessions, context, clock, changes } = testSessions({ timeoutSeconds: 10 });
    const { id } = await sessions.create({}, context);
    clock.now += 10_000;
    expect((await sessions.get(id, context)).status).toBe('active');
    clock.now += 1;
    const after = await sessions.get(id, context);
    expect(after).toMatchObject({ status: 'expired', reason: 'nothing happened in it for 10 seconds' });
    await sessions.get(id, context);
    expect(changes()).toEqual(['created', 'expired']);
    expect((await sessions.load(id, context)).status).toBe('active');
    expect((await sessions.get(id, context)).reason).toBeUndefined();
  });

  test('a suspended session waits for as long as it takes', async () => {
    const { sessions, context, clock } = testSessions({ timeoutSeconds: 10 });
    const { id } = await sessions.create({}, context);
    await sessions.suspend(id, context);
    clock.now += 365 * DAY;
    expect((await sessions.get(id, context)).status).toBe('suspended');
    expect((await sessions.resume(id, context)).status).toBe('active');
    expect((await sessions.get(id, context)).status).toBe('active');
  });

  test('a longest duration counts from when it became active', async () => {
    const { sessions, context, clock } = testSessions({ timeoutSeconds: 1e9 });
    const { id } = await sessions.create({ settings: { maxDurationSeconds: 60 } }, context);
    clock.now += 61_000;
    expect((await sessions.get(id, context)).status).toBe('expired');
    await sessions.resume(id, context);
    clock.now += 59_000;
    expect((await sessions.get(id, context)).status).toBe('active');
  });

  test('a clock that goes back expires nothing and never turns back what was last seen', async () => {
    const { sessions, context, clock } = testSessions({ timeoutSeconds: 10 });
    const { id, updatedAt } = await sessions.create({}, context);
    clock.now -= 30 * DAY;
    const after = await sessions.touch(id, context);
    expect(after).toMatchObject({ status: 'active', updatedAt });
    expect((await sessions.save(id, context)).updatedAt).toBe(updatedAt);
  });

  test('checkpoints are made by themselves', async () => {
    const { sessions, context, clock, changes } = testSessions({ autoSaveSeconds: 60 });
    const { id } = await sessions.create({}, context);
    await sessions.touch(id, context);
    clock.now += 60_000;
    expect((await sessions.touch(id, context)).savedAt).toBe(clock.now);
    expect(changes()).toEqual(['created', 'saved']);
  });

  test('what has ended is forgotten after its time', async () => {
    const { sessions, context, clock } = testSessions({ timeoutSeconds: 1e9 });
    const short = await sessions.create({ settings: { retentionDays: 1 } }, context);
    const long = await sessions.create({}, context);
    const open = await sessions.create({}, context);
    await sessions.complete(short.id, undefined, context);
    await sessions.complete(long.id, undefined, context);
    await sessions.suspend(open.id, context);
    clock.now += 2 * DAY;
    expect(await sessions.cleanUp(context)).toBe(1);
    clock.now += 30 * DAY;
    expect(await sessions.cleanUp(context)).toBe(1);
    expect((await sessions.find({}, context)).map(({ id }) => id)).toEqual([open.id]);
  });
});

describe('limits', () => {
  test.each([
    ['a name of many lines', { name: 'a\nb' }],
    ['a long name', { name: 'x'.repeat(256) }],
    ['a long tag', { tags: ['x'.repeat(65)] }],
    ['much metadata', { metadata: { x: 'x'.repeat(2_000_000) } }],
  ])('%s is refused', async (_, details) => {
    const { sessions, context } = testSessions();
    await expect(sessions.create(details, context)).rejects.toMatchObject({ code: 'session.invalid' });
    const { id } = await sessions.create({ name: 'n' }, context);
    await expect(sessions.describe(id, details, context)).rejects.toMatchObject({ code: 'session.invalid' });
    expect(await sessions.find({}, context)).toMatchObject([{ name: 'n', operations: 0 }]);
  });

  test('only so many are active', async () => {
    const { sessions, context } = testSessions({ maxActive: 2 });
    const first = await sessions.create({}, context);
    await sessions.create({}, context);
    await expect(sessions.create({}, context)).rejects.toThrow('Resource limit exceeded');
    await sessions.suspend(first.id, context);
    await sessions.create({}, context);
    await expect(sessions.resume(first.id, context)).rejects.toMatchObject({ code: 'session.limit' });
    expect((await sessions.get(first.id, context)).status).toBe('suspended');
  });

  test('changes of two kernels at once are both kept', async () => {
    const one = testSessions();
    const two = testSessions({}, {}, one.store);
    const { id } = await one.sessions.create({}, one.context);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).sessions.touch(id, one.context)),
    );
    expect((await one.sessions.get(id, one.context)).operations).toBe(20);
  });
});

test('a query finds by everything it may ask for', async () => {
  const { sessions, context, clock } = testSessions();
  const make = async (name: string, tags: string[], createdBy: string) => {
    clock.now += 1000;
    return (await sessions.create({ name, tags, createdBy, description: `about ${name}` }, context)).id;
  };
  const b = await make('beta', ['x'], 'kim');
  const a = await make('alpha', ['x', 'y'], 'lee');
  const c = await make('gamma', ['z'], 'kim');
  await sessions.suspend(c, context);
  const ids = async (query: Parameters<typeof sessions.find>[0]) =>
    (await sessions.find(query, context)).map(({ id }) => id);
  expect(await ids({})).toEqual([b, a, c]);
  expect(await ids({ sortBy: 'name' })).toEqual([a, b, c]);
  expect(await ids({ sortBy: 'created_at', descending: true, limit: 2 })).toEqual([c, a]);
  expect(await ids({ offset: 1, limit: 1 })).toEqual([a]);
  expect(await ids({ tags: ['x', 'y'] })).toEqual([a]);
  expect(await ids({ status: 'suspended' })).toEqual([c]);
  expect(await ids({ createdBy: 'kim' })).toEqual([b, c]);
  expect(await ids({ text: 'BET' })).toEqual([b]);
  expect(await ids({ text: '*gam*' })).toEqual([c]);
  expect(await ids({ text: 'about alpha' })).toEqual([a]);
  expect(await ids({ sortBy: 'operation_count', descending: true, limit: 1 })).toEqual([c]);
  expect(await ids({ createdAfter: clock.now })).toEqual([c]);
  expect(await ids({ createdBefore: clock.now - 2000 })).toEqual([b]);
});

describe('hook points', () => {
  const gate = (point: string, answer: object): HookGate => ({
    has: (asked) => asked === point,
    fire: async (_point, _subject, data) =>
      ({ kind: 'continue', ...answer, data: { ...data, ...(answer as { data?: object }).data } }) as never,
  });

  test('a handler of SessionStart may change what is made', async () => {
    const { sessions, context } = testSessions(
      {},
      { hooks: gate('SessionStart', { data: { tags: ['seen'] } }) },
    );
    expect(await sessions.create({ name: 'n', tags: ['a'] }, context)).toMatchObject({
      name: 'n',
      tags: ['seen'],
    });
  });

  test.each([
    ['SessionStart', 'create'],
    ['SessionSave', 'save'],
    ['SessionEnd', 'complete'],
    ['SessionRestore', 'load'],
  ])('a handler of %s may refuse', async (point, step) => {
    const refusing = testSessions({}, { hooks: gate(point, { kind: 'cancel', reason: 'no', hook: 'h' }) });
    const free = testSessions({}, {}, refusing.store);
    const { id } = await free.sessions.create({}, free.context);
    const { sessions, context } = refusing;
    const taking = {
      create: () => sessions.create({}, context),
      save: () => sessions.save(id, context),
      complete: () => sessions.complete(id, undefined, context),
      load: () => sessions.load(id, context),
    }[step]!();
    await expect(taking).rejects.toMatchObject({ code: 'hook.cancelled' });
    expect((await free.sessions.find({}, free.context)).map(({ status }) => status)).toEqual(['active']);
  });
});
