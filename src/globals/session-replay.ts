import { z } from 'zod';
import { errorToData, fail, toLlmspellError } from '../core/errors.js';
import type { HookPoint } from '../core/hook-points.js';
import type { HookSubject } from '../core/hooks.js';
import { redactSecrets } from '../core/redact.js';
import { type JsonObject, type JsonValue, toJson } from '../core/values.js';
import type { HookEntry } from '../hooks/entry.js';
import type { Hooks } from '../hooks/hooks.js';
import { ReplayConfig } from '../replay/config.js';
import { REPLAY_MODES, replayMode } from '../replay/modes.js';
import { HOOK_EVENTS, type RecordedHook, recordedHooks } from '../replay/recorded-hook.js';
import { type HookReplayOptions, type ReplayedHook, replayHooks } from '../replay/replay-hooks.js';
import { type Call, type MemberDefinition, member } from './define.js';
import { date, sessionIdParam, sessionsOf } from './session-types.js';
import { anyValue, flag, handle, number, table, text } from './types.js';

/** Seconds for which a replay may go on unless told otherwise. */
const DEFAULT_TIMEOUT_S = 300;
/** The step of a replay; what happens in it is not replayed itself. */
const REPLAY_STEP = 'session.replay';
/** Names that handlers get when nobody names them. */
const MADE_NAME = /^[a-z]+_[0-9a-f-]{36}$/;

const configParam = z
  .union([
    handle<ReplayConfig>('replay_config').refine((value) => value instanceof ReplayConfig),
    z.preprocess(
      (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
      z.object({
        mode: text()
          .optional()
          .describe(`${REPLAY_MODES.join(', ')}; exact when absent.`),
        compare_results: flag()
          .optional()
          .describe('Compare answers with the recorded ones; true when absent.'),
        timeout_seconds: number().pipe(z.number().positive()).optional().describe('300 when absent.'),
        stop_on_error: flag().optional().describe('End at the first failure.'),
        metadata: table().optional().describe('Comes back in the result.'),
        modifications: z.array(z.object({ path: text(), value: anyValue() })).optional(),
      }),
    ),
  ])
  .optional()
  .describe('What `Replay.create_config` gave, or a table of the same.');

const difference = z.object({
  index: z.int().describe('Which of the replayed hooks, from 1.'),
  point: z.string(),
  hook: z.string(),
  path: z.string().describe('Where in its answer.'),
  description: z.string(),
  severity: z.string(),
});

const replayed = z
  .object({
    session_id: z.string(),
    correlation_id: z.string(),
    mode: z.string(),
    start_time: z.string(),
    total_duration: z.number().describe('Seconds.'),
    hooks_replayed: z.int(),
    successful_replays: z.int(),
    failed_replays: z.int(),
    differences: z.array(difference),
    hooks: z.array(z.any()).optional().describe('Each hook, in the modes `simulate` and `debug`.'),
    metadata: z.record(z.string(), z.any()),
  })
  .meta({ id: 'SessionReplay' });

const replayMetadata = z
  .object({
    session_id: z.string(),
    correlation_id: z.string().optional(),
    total_hooks: z.int(),
    first_hook_timestamp: z.string().optional(),
    last_hook_timestamp: z.string().optional(),
    total_duration: z.number().describe('Seconds that the handlers took.'),
    can_replay: z.boolean(),
  })
  .meta({ id: 'SessionReplayMetadata' });

interface Wanted extends HookReplayOptions {
  readonly timeoutSeconds: number;
  readonly metadata: JsonObject;
}

/** The members of `Session` that replay what its hooks were asked. */
export const sessionReplayMembers: Readonly<Record<string, MemberDefinition>> = {
  replay: member({
    doc: 'Asks the hooks that are registered now what the hooks of a session were asked when it ran, and compares the answers. Raises `replay.nothing` when no hook ran in it. `exact` asks the same, `modified` with changes, `simulate` asks nothing and shows what was answered, `debug` shows each hook.',
    params: { id: sessionIdParam(), config: configParam },
    returns: replayed,
    run: async (call, { id, config }) => {
      const wanted = wantedOf(config as never);
      const hooks = await hooksOf(call, id);
      if (hooks.length === 0)
        throw fail('replay.nothing', `No hook executions found for session ${id}`, {
          hint: 'Hooks are replayed that ran while the session was current: Session.set_current(id).',
        });
      return replay(call, id, hooks, wanted);
    },
    example: {
      lua: 'local id = Session.create()\nSession.set_current(id)\nHook.register("BeforeToolExecution", function(ctx) return "continue" end)\nTool.execute("calculator", { input = "1 + 1" })\nlocal result = Session.replay(id)\nprint(result.hooks_replayed, result.failed_replays)',
      javascript:
        'const id = Session.create();\nSession.setCurrent(id);\nHook.register("BeforeToolExecution", (ctx) => "continue");\nTool.execute("calculator", { input: "1 + 1" });\nconst result = Session.replay(id);\nprint(result.hooks_replayed, result.failed_replays);',
    },
  }),
  can_replay: member({
    doc: 'Whether a hook ran in a session, so that there is something to replay.',
    params: { id: sessionIdParam() },
    returns: z.boolean(),
    run: async (call, { id }) => (await hooksOf(call, id)).length > 0,
    example: {
      lua: 'print(Session.can_replay(Session.create()))',
      javascript: 'print(Session.canReplay(Session.create()));',
    },
  }),
  get_replay_metadata: member({
    doc: 'How many hooks ran in a session, and when.',
    params: { id: sessionIdParam() },
    returns: replayMetadata,
    run: async (call, { id }) => metadataOf(id, await hooksOf(call, id)),
    example: {
      lua: 'print(Session.get_replay_metadata(Session.create()).total_hooks)',
      javascript: 'print(Session.getReplayMetadata(Session.create()).total_hooks);',
    },
  }),
  list_replayable: member({
    doc: 'The ids of the sessions that can be replayed.',
    params: {},
    returns: z.array(z.string()),
    run: async (call) => replayable(call),
    example: {
      lua: 'for _, id in ipairs(Session.list_replayable()) do print(id) end',
      javascript: 'for (const id of Session.listReplayable()) print(id);',
    },
  }),
};

/** The recorded hooks of a session. @throws `session.not_found`, `session.invalid_id` */
async function hooksOf(call: Call, id: string): Promise<RecordedHook[]> {
  const session = await (await sessionsOf(call)).get(id, call.context);
  return (await recorded(call, session.id)).filter((hook) => hook.session === session.id);
}

async function replayable(call: Call): Promise<string[]> {
  const sessions = new Set((await recorded(call)).map(({ session }) => session));
  const known = await (await sessionsOf(call)).find({}, call.context);
  return known.map(({ id }) => id).filter((id) => sessions.has(id));
}

/** The recorded hooks of the runs that had to do with a session, or of all runs. */
async function recorded(call: Call, session?: string): Promise<RecordedHook[]> {
  const journal = await call.services.journal();
  const found = HOOK_EVENTS.map((pattern) => journal.search({ session, pattern }));
  const hooks = recordedHooks((await Promise.all(found)).flat());
  return hooks.filter(({ path }) => !path.includes(`/hook:${REPLAY_STEP}`));
}

/** A table that does not say so goes on after a failure; no table at all ends there. */
function wantedOf(config: ReplayConfig | z.output<typeof configParam>): Wanted {
  if (config instanceof ReplayConfig) return wantedOfHandle(config);
  const given = (config ?? {}) as Exclude<z.output<typeof configParam>, ReplayConfig | undefined>;
  return {
    mode: replayMode(given.mode ?? 'exact'),
    compareResults: given.compare_results ?? true,
    stopOnError: given.stop_on_error ?? config === undefined,
    timeoutSeconds: given.timeout_seconds ?? DEFAULT_TIMEOUT_S,
    changes: (given.modifications ?? []).map(({ path, value }) => ({ path, value: toJson(value ?? null) })),
    metadata: given.metadata ?? {},
  };
}

function wantedOfHandle(config: ReplayConfig): Wanted {
  const enabled = config.modifications.filter((modification) => modification.enabled);
  return {
    mode: config.mode.name,
    compareResults: config.compareResults,
    stopOnError: config.stopOnError,
    timeoutSeconds: config.timeoutSeconds,
    changes: enabled.map(({ path, value }) => ({ path, value: toJson(value) })),
    metadata: {},
  };
}

async function replay(call: Call, id: string, all: RecordedHook[], wanted: Wanted): Promise<object> {
  const { effects } = call.context;
  const started = effects.now();
  const hooks = await call.services.hooks();
  const context = call.context.child('hook', REPLAY_STEP, { timeoutMs: wanted.timeoutSeconds * 1000 });
  try {
    const results = await replayHooks(all, wanted, (one, input) => ask(hooks, one, input, context));
    const seconds = (effects.now() - started) / 1000;
    return { ...resultOf(id, results, wanted), start_time: date(started), total_duration: seconds };
  } finally {
    context.end();
  }
}

async function ask(hooks: Hooks, recorded: RecordedHook, input: JsonObject, context: Call['context']) {
  const entry = handlerFor(hooks, recorded);
  if (!entry) return undefined;
  const started = context.effects.now();
  const durationMs = () => context.effects.now() - started;
  try {
    const subject = recorded.component as HookSubject;
    const answer = await hooks.answerOf(entry, recorded.point as HookPoint, subject, input, context);
    return { answer: redactSecrets(answer) as unknown as JsonValue, durationMs: durationMs() };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const error = errorToData(toLlmspellError(thrown));
    return { answer: { error: error.code }, error, durationMs: durationMs() };
  }
}

/** The same handler, else one of the same name, else the one in the same place. */
function handlerFor(hooks: Hooks, { hook, name, point, place }: RecordedHook): HookEntry | undefined {
  const there = hooks.registry.at(point as HookPoint);
  const same = there.find(({ id }) => id === hook);
  const named = MADE_NAME.test(name) ? undefined : there.find((entry) => entry.name === name);
  return same ?? named ?? there[place];
}

function resultOf(id: string, results: ReplayedHook[], { mode, metadata }: Wanted): object {
  const successful = results.filter(({ ok }) => ok).length;
  const isShown = mode === 'simulate' || mode === 'debug';
  return {
    session_id: id,
    correlation_id: results[0]!.recorded.run,
    mode,
    hooks_replayed: results.length,
    successful_replays: successful,
    failed_replays: results.length - successful,
    differences: results.flatMap(({ recorded, differences }, index) =>
      differences.map((one) => ({ index: index + 1, point: recorded.point, hook: recorded.name, ...one })),
    ),
    ...(isShown && { hooks: results.map(shown) }),
    metadata,
  };
}

function shown({ recorded, input, ok, now }: ReplayedHook): object {
  const { point, name, path, time, component, answer, durationMs } = recorded;
  return {
    point,
    hook: name,
    component,
    path,
    timestamp: date(time),
    input,
    recorded: answer,
    recorded_duration_ms: durationMs,
    ok,
    ...(now && { replayed: now.answer, replayed_duration_ms: now.durationMs }),
    ...(now?.error && { error: now.error.message }),
  };
}

function metadataOf(id: string, hooks: RecordedHook[]): object {
  const [first, last] = [hooks[0], hooks.at(-1)];
  return {
    session_id: id,
    ...(first && { correlation_id: first.run, first_hook_timestamp: date(first.time) }),
    ...(last && { last_hook_timestamp: date(last.time) }),
    total_hooks: hooks.length,
    total_duration: hooks.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
    can_replay: hooks.length > 0,
  };
}
