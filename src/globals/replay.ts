import { z } from 'zod';
import { ReplayConfig, type ReplayMode } from '../replay/config.js';
import { REPLAY_MODES, type ReplayModeName, replayMode } from '../replay/modes.js';
import { at, cron, interval, once } from '../replay/schedule.js';
import { defineGlobal, type HandleDefinition, member } from './define.js';
import { modification, modificationParams, REPLAY_HANDLES, time, toTime } from './replay-handles.js';
import { handle, handleResult, integer, number, text } from './types.js';

const MODES = Object.fromEntries(REPLAY_MODES.map((name) => [name, Object.freeze({ name })])) as Record<
  ReplayModeName,
  ReplayMode
>;
const COMPARATOR = Object.freeze({});
/** What `Replay.schedules` is. */
const SCHEDULES = Object.freeze({});

const seconds = (about: string) => number().describe(`Seconds. ${about}`);

const modeParam = z
  .union([handle<ReplayMode>('replay_mode'), text()])
  .optional()
  .describe('One of `Replay.modes`, or its name; `exact` when absent.');

const schedules: HandleDefinition = {
  kind: 'replay_schedules',
  doc: 'Makes schedules: `Replay.schedules.once(60)`.',
  fields: {},
  methods: {
    once: member({
      doc: 'Once, after some seconds. Raises when they are negative.',
      params: { delay_seconds: seconds('From now.') },
      returns: handleResult('replay_schedule'),
      run: (call, { delay_seconds }) =>
        call.handle('replay_schedule', once(call.context.effects.now(), delay_seconds)),
      example: {
        lua: 'print(Replay.schedules.once(5):next())',
        javascript: 'print(Replay.schedules.once(5).next());',
      },
    }),
    at: member({
      doc: 'Once, at a time.',
      params: { time: time('') },
      returns: handleResult('replay_schedule'),
      run: (call, given) => call.handle('replay_schedule', at(toTime(call, given.time))),
      example: {
        lua: 'print(Replay.schedules.at("2100-01-01T00:00:00Z"):next())',
        javascript: 'print(Replay.schedules.at("2100-01-01T00:00:00Z").next());',
      },
    }),
    interval: member({
      doc: 'Again and again. Raises when a duration is negative.',
      params: {
        initial_delay: seconds('Until the first time, from now.'),
        interval: seconds('Between two times.'),
        max_executions: integer().optional().describe('At most so often; without end when absent.'),
      },
      returns: handleResult('replay_schedule'),
      run: (call, { initial_delay, interval: step, max_executions }) => {
        const now = call.context.effects.now();
        return call.handle('replay_schedule', interval(now, initial_delay, step, max_executions));
      },
      example: {
        lua: 'print(Replay.schedules.interval(10, 60):next())',
        javascript: 'print(Replay.schedules.interval(10, 60).next());',
      },
    }),
    cron: member({
      doc: 'By a cron expression. Raises when it is none.',
      params: {
        expression: text().describe(
          'Minute, hour, day, month and weekday (seconds may come first), or `hourly`, `daily`, `weekly`, `monthly`, `yearly`.',
        ),
        timezone: text()
          .optional()
          .describe('By whose clock, e.g. `Europe/Berlin`; the machine’s when absent.'),
      },
      returns: handleResult('replay_schedule'),
      run: (call, { expression, timezone }) => call.handle('replay_schedule', cron(expression, timezone)),
      example: {
        lua: 'print(Replay.schedules.cron("hourly"):next())',
        javascript: 'print(Replay.schedules.cron("hourly").next());',
      },
    }),
  },
};

/** The global `Replay`. */
export default defineGlobal({
  name: 'Replay',
  doc: 'What a replay is made of: modes, changes, schedules, and a comparator of results. `Session.replay` replays; `llmspell run --record` and `--replay` do it for whole runs.',
  handles: [...REPLAY_HANDLES, schedules],
  members: {
    part: member({
      doc: '`Replay.modes`, a table of the modes by their names, and `Replay.schedules`, which makes schedules with `once`, `at`, `interval` and `cron`; nil for every other name.',
      params: { name: text().describe('`modes` or `schedules`.') },
      returns: z.any(),
      index: true,
      run: (call, { name }) => {
        if (name === 'schedules') return call.handle('replay_schedules', SCHEDULES);
        if (name !== 'modes') return null;
        const modes = REPLAY_MODES.map((mode) => [mode, call.handle('replay_mode', MODES[mode])]);
        return Object.fromEntries(modes);
      },
      example: {
        lua: 'print(Replay.modes.debug:name())\nprint(Replay.schedules.cron("0 9 * * MON", "UTC"):next("2026-01-01"))',
        javascript:
          'print(Replay.modes.debug.name());\nprint(Replay.schedules.cron("0 9 * * MON", "UTC").next("2026-01-01"));',
      },
    }),
    create_config: member({
      doc: 'A configuration for `Session.replay`: it compares results, stops at the first error, and ends after 30 seconds, unless told otherwise.',
      params: { mode: modeParam },
      returns: handleResult('replay_config'),
      aliases: ['config'],
      run: (call, { mode }) => {
        const chosen = typeof mode === 'string' ? MODES[replayMode(mode)] : (mode ?? MODES.exact);
        return call.handle('replay_config', new ReplayConfig(chosen));
      },
      example: {
        lua: 'local config = Replay.create_config(Replay.modes.modified)\nconfig:add_modification("data.input.input", "2 + 2")\nprint(config:get_mode():name(), #config:get_modifications())',
        javascript:
          'const config = Replay.createConfig(Replay.modes.modified);\nconfig.addModification("data.input.input", "2 + 2");\nprint(config.getMode().name(), config.getModifications().length);',
      },
    }),
    create_modification: member({
      doc: 'A change to what was recorded, made before it is replayed. Raises when the path is none.',
      params: modificationParams,
      returns: handleResult('replay_modification'),
      aliases: ['modification'],
      run: (call, given) => call.handle('replay_modification', modification(given)),
      example: {
        lua: 'local change = Replay.create_modification("data.tags", { "a", "b" })\nprint(change:get_path(), change:get_value()[2], change:is_enabled())',
        javascript:
          'const change = Replay.createModification("data.tags", ["a", "b"]);\nprint(change.getPath(), change.getValue()[1], change.isEnabled());',
      },
    }),
    create_comparator: member({
      doc: 'Compares values.',
      params: {},
      returns: handleResult('replay_comparator'),
      aliases: ['comparator'],
      run: (call) => call.handle('replay_comparator', COMPARATOR),
      example: {
        lua: 'local d = Replay.create_comparator():compare_json({ a = 1 }, { a = 2 })\nprint(d.identical, d.similarity_score, d.differences[1].description)',
        javascript:
          'const d = Replay.createComparator().compareJson({ a: 1 }, { a: 2 });\nprint(d.identical, d.similarity_score, d.differences[0].description);',
      },
    }),
  },
});
