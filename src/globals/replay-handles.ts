import { z } from 'zod';
import { fail } from '../core/errors.js';
import { toJson } from '../core/values.js';
import { compareJson, SEVERITIES, type Severity } from '../replay/compare.js';
import { Modification, type ReplayConfig, type ReplayMode } from '../replay/config.js';
import { parsePath } from '../replay/modification.js';
import { type Schedule, upcoming } from '../replay/schedule.js';
import { type Call, type HandleDefinition, member } from './define.js';
import { anyValue, flag, handleResult, integer, number, text } from './types.js';

/** How a time is given. */
export const time = (about: string) =>
  z
    .union([number(), text()])
    .describe(`${about} Seconds since the Unix epoch as \`os.time()\` gives them, or a date (RFC 3339).`);

/** Arguments of a modification. */
export const modificationParams = {
  path: text().describe('Where: `data.input.text`, `items[0]`.'),
  value: anyValue().describe('What is to stand there.'),
  enabled: flag().optional().describe('False leaves it out for now; true when absent.'),
};

const comparison = z
  .object({
    identical: z.boolean(),
    similarity_score: z.number().describe('From 1 down to 0.'),
    summary: z.string(),
    differences: z
      .array(
        z.object({
          path: z.string(),
          description: z.string(),
          severity: z.enum(Object.keys(SEVERITIES) as [Severity]),
        }),
      )
      .optional(),
  })
  .meta({ id: 'ReplayComparison' });

/** A change, its path checked. @throws `input.invalid` */
export function modification(given: {
  path: string;
  value: Modification['value'];
  enabled?: boolean | undefined;
}): Modification {
  parsePath(given.path);
  return new Modification(given.path, given.value ?? null, given.enabled ?? true);
}

/** Milliseconds since the Unix epoch; now when no time is given. @throws `input.invalid` */
export function toTime(call: Call, given: number | string | undefined): number {
  if (given === undefined) return call.context.effects.now();
  const ms = Number.isNaN(Number(given)) ? Date.parse(String(given)) : Number(given) * 1000;
  // A date cannot be farther from the epoch than this.
  if (Math.abs(ms) <= 8.64e15) return ms;
  throw fail('input.invalid', `'${given}' is no time`, { hint: 'Write it like 2026-01-31T12:00:00Z.' });
}

const none = {};
type None = Record<never, never>;

const mode: HandleDefinition = {
  kind: 'replay_mode',
  doc: 'A way to replay.',
  fields: {},
  methods: {
    name: member<None, ReplayMode>({
      doc: '`exact`, `modified`, `simulate` or `debug`.',
      params: none,
      returns: z.string(),
      run: (_call, _args, { name }) => name,
      example: { lua: 'print(Replay.modes.exact:name())', javascript: 'print(Replay.modes.exact.name());' },
    }),
  },
};

const modificationHandle: HandleDefinition = {
  kind: 'replay_modification',
  doc: 'A change to what was recorded, for a replay in the mode `modified`.',
  fields: {},
  methods: {
    get_path: member<None, Modification>({
      doc: 'Where.',
      params: none,
      returns: z.string(),
      run: (_call, _args, { path }) => path,
      example: {
        lua: 'local m = Replay.create_modification("data.input", { text = "x" })\nprint(m:get_path())',
        javascript: 'const m = Replay.createModification("data.input", { text: "x" });\nprint(m.getPath());',
      },
    }),
    get_value: member<None, Modification>({
      doc: 'What is to stand there, as it was given.',
      params: none,
      returns: anyValue(),
      run: (_call, _args, { value }) => value,
      example: {
        lua: 'local m = Replay.create_modification("data.input", { text = "x" })\nprint(m:get_value().text)',
        javascript:
          'const m = Replay.createModification("data.input", { text: "x" });\nprint(m.getValue().text);',
      },
    }),
    is_enabled: member<None, Modification>({
      doc: 'Whether it is made.',
      params: none,
      returns: z.boolean(),
      run: (_call, _args, { enabled }) => enabled,
      example: {
        lua: 'local m = Replay.create_modification("data.input", { text = "x" })\nprint(m:is_enabled())',
        javascript:
          'const m = Replay.createModification("data.input", { text: "x" });\nprint(m.isEnabled());',
      },
    }),
    set_enabled: member<{ enabled: ReturnType<typeof flag> }, Modification>({
      doc: 'Switches it on or off.',
      params: { enabled: flag() },
      run: (_call, { enabled }, self) => {
        self.enabled = enabled;
      },
      example: {
        lua: 'local m = Replay.create_modification("data.input", { text = "x" })\nm:set_enabled(false)\nprint(m:is_enabled())',
        javascript:
          'const m = Replay.createModification("data.input", { text: "x" });\nm.setEnabled(false);\nprint(m.isEnabled());',
      },
    }),
  },
};

const config: HandleDefinition = {
  kind: 'replay_config',
  doc: 'What a replay is told; `Session.replay(id, config)` takes it.',
  fields: {},
  methods: {
    get_mode: member<None, ReplayConfig>({
      doc: 'The mode.',
      params: none,
      returns: handleResult('replay_mode'),
      run: (call, _args, self) => call.handle('replay_mode', self.mode),
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nprint(c:get_mode():name())',
        javascript: 'const c = Replay.createConfig(Replay.modes.debug);\nprint(c.getMode().name());',
      },
    }),
    should_compare_results: member<None, ReplayConfig>({
      doc: 'Whether the new results are compared with the recorded ones.',
      params: none,
      returns: z.boolean(),
      run: (_call, _args, self) => self.compareResults,
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nprint(c:should_compare_results())',
        javascript: 'const c = Replay.createConfig(Replay.modes.debug);\nprint(c.shouldCompareResults());',
      },
    }),
    get_timeout_seconds: member<None, ReplayConfig>({
      doc: 'Seconds after which the replay is ended.',
      params: none,
      returns: z.number(),
      run: (_call, _args, self) => self.timeoutSeconds,
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nprint(c:get_timeout_seconds())',
        javascript: 'const c = Replay.createConfig(Replay.modes.debug);\nprint(c.getTimeoutSeconds());',
      },
    }),
    should_stop_on_error: member<None, ReplayConfig>({
      doc: 'Whether the first failure ends the replay.',
      params: none,
      returns: z.boolean(),
      run: (_call, _args, self) => self.stopOnError,
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nprint(c:should_stop_on_error())',
        javascript: 'const c = Replay.createConfig(Replay.modes.debug);\nprint(c.shouldStopOnError());',
      },
    }),
    set_compare_results: member<{ compare: ReturnType<typeof flag> }, ReplayConfig>({
      doc: 'Says whether results are compared.',
      params: { compare: flag() },
      run: (_call, { compare }, self) => {
        self.compareResults = compare;
      },
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nc:set_compare_results(false)\nprint(c:should_compare_results())',
        javascript:
          'const c = Replay.createConfig(Replay.modes.debug);\nc.setCompareResults(false);\nprint(c.shouldCompareResults());',
      },
    }),
    set_timeout_seconds: member<{ seconds: z.ZodType<number> }, ReplayConfig>({
      doc: 'Says after how many seconds the replay is ended.',
      params: { seconds: number().pipe(z.number().positive()) as unknown as z.ZodType<number> },
      run: (_call, { seconds }, self) => {
        self.timeoutSeconds = seconds;
      },
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nc:set_timeout_seconds(5)\nprint(c:get_timeout_seconds())',
        javascript:
          'const c = Replay.createConfig(Replay.modes.debug);\nc.setTimeoutSeconds(5);\nprint(c.getTimeoutSeconds());',
      },
    }),
    set_stop_on_error: member<{ stop: ReturnType<typeof flag> }, ReplayConfig>({
      doc: 'Says whether the first failure ends the replay.',
      params: { stop: flag() },
      run: (_call, { stop }, self) => {
        self.stopOnError = stop;
      },
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nc:set_stop_on_error(false)\nprint(c:should_stop_on_error())',
        javascript:
          'const c = Replay.createConfig(Replay.modes.debug);\nc.setStopOnError(false);\nprint(c.shouldStopOnError());',
      },
    }),
    get_modifications: member<None, ReplayConfig>({
      doc: 'The changes, in the order in which they are made.',
      params: none,
      returns: z.array(handleResult('replay_modification')),
      run: (call, _args, self) => self.modifications.map((one) => call.handle('replay_modification', one)),
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nc:add_modification("data.input", 1)\nprint(#c:get_modifications())',
        javascript:
          'const c = Replay.createConfig(Replay.modes.debug);\nc.addModification("data.input", 1);\nprint(c.getModifications().length);',
      },
    }),
    add_modification: member<typeof modificationParams, ReplayConfig>({
      doc: 'Adds a change. Raises when the path is none.',
      params: modificationParams,
      run: (_call, given, self) => void self.modifications.push(modification(given)),
      example: {
        lua: 'local c = Replay.create_config(Replay.modes.debug)\nc:add_modification("data.input", 1, false)\nprint(c:get_modifications()[1]:is_enabled())',
        javascript:
          'const c = Replay.createConfig(Replay.modes.debug);\nc.addModification("data.input", 1, false);\nprint(c.getModifications()[0].isEnabled());',
      },
    }),
  },
};

const schedule: HandleDefinition = {
  kind: 'replay_schedule',
  doc: 'When something is to be replayed.',
  fields: {},
  methods: {
    type_name: member<None, Schedule>({
      doc: '`once`, `at`, `interval` or `cron`.',
      params: none,
      returns: z.string(),
      run: (_call, _args, { type }) => type,
      example: {
        lua: 'print(Replay.schedules.once(5):type_name())',
        javascript: 'print(Replay.schedules.once(5).typeName());',
      },
    }),
    next: member({
      doc: 'The first time after `from`, as a date (RFC 3339); nothing when there is none any more.',
      params: { from: time('Now when absent.').optional() },
      returns: z.string().nullable(),
      run: (call, { from }, self: unknown) => date((self as Schedule).next(toTime(call, from))),
      example: {
        lua: 'print(Replay.schedules.cron("0 9 * * *", "UTC"):next("2026-01-01"))',
        javascript: 'print(Replay.schedules.cron("0 9 * * *", "UTC").next("2026-01-01"));',
      },
    }),
    upcoming: member({
      doc: 'The next times after `from`, as dates (RFC 3339).',
      params: {
        count: integer()
          .pipe(z.int().min(1).max(1000))
          .optional()
          .describe('At most so many; 5 when absent.'),
        from: time('Now when absent.').optional(),
      },
      returns: z.array(z.string()),
      run: (call, { count, from }, self: unknown) =>
        upcoming(self as Schedule, count ?? 5, toTime(call, from)).map(date),
      example: {
        lua: 'print(#Replay.schedules.interval(0, 60, 3):upcoming(5))',
        javascript: 'print(Replay.schedules.interval(0, 60, 3).upcoming(5).length);',
      },
    }),
  },
};

const comparator: HandleDefinition = {
  kind: 'replay_comparator',
  doc: 'Compares what came out of two runs.',
  fields: {},
  methods: {
    compare_json: member({
      doc: 'Compares two values, place by place. What is called `timestamp` or `duration` is left out. Each difference takes from the score by its weight: `info` 0.01, `minor` 0.025, `major` 0.05, `critical` 0.1; critical is what lies in an `error` or a `result`.',
      params: { before: anyValue(), after: anyValue() },
      returns: comparison,
      run: (_call, { before, after }) => compareJson(toJson(before ?? null), toJson(after ?? null)),
      example: {
        lua: 'print(Replay.create_comparator():compare_json({ a = 1 }, { a = 2 }).identical)',
        javascript: 'print(Replay.createComparator().compareJson({ a: 1 }, { a: 2 }).identical);',
      },
    }),
  },
};

/** A time as a date. */
function date(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

/** The objects that `Replay` hands out. */
export const REPLAY_HANDLES = [mode, modificationHandle, config, schedule, comparator];
