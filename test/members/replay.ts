import { memberCase as is, type MemberCase } from './case.js';

/** What each member of `Replay` does. */
export const REPLAY_CASES: readonly MemberCase[] = [
  is(
    'Replay.part',
    ['exact modified simulate debug', 'true', 'once interval cron', '2026-01-05T09:00:00.000Z'],
    'local m = Replay.modes\nprint(m.exact:name(), m.modified:name(), m.simulate:name(), m.debug:name())\nprint(Replay.other == nil)\nlocal s = Replay.schedules\nprint(s.once(1):type_name(), s.interval(0, 1, 2):type_name(), s.cron("daily"):type_name())\nprint(s.cron("0 9 * * MON", "UTC"):next("2026-01-01"))',
    'const m = Replay.modes;\nprint(m.exact.name(), m.modified.name(), m.simulate.name(), m.debug.name());\nprint(Replay.other == null);\nconst s = Replay.schedules;\nprint(s.once(1).typeName(), s.interval(0, 1, 2).typeName(), s.cron("daily").typeName());\nprint(s.cron("0 9 * * MON", "UTC").next("2026-01-01"));',
  ),
  is(
    'Replay.create_config',
    ['exact true 30 true 0', 'debug false', 'a 1 true', 'replay.mode'],
    'local c = Replay.create_config()\nprint(c:get_mode():name(), c:should_compare_results(), math.tointeger(c:get_timeout_seconds()), c:should_stop_on_error(), #c:get_modifications())\nlocal d = Replay.create_config(Replay.modes.debug)\nd:set_stop_on_error(false)\nprint(d:get_mode():name(), d:should_stop_on_error())\nd:add_modification("a", 1)\nlocal m = d:get_modifications()[1]\nprint(m:get_path(), m:get_value(), m:is_enabled())\npcall(Replay.create_config, "other")\nprint(Debug.last_error().code)',
    'const c = Replay.createConfig();\nprint(c.getMode().name(), c.shouldCompareResults(), c.getTimeoutSeconds(), c.shouldStopOnError(), c.getModifications().length);\nconst d = Replay.createConfig(Replay.modes.debug);\nd.setStopOnError(false);\nprint(d.getMode().name(), d.shouldStopOnError());\nd.addModification("a", 1);\nconst m = d.getModifications()[0];\nprint(m.getPath(), m.getValue(), m.isEnabled());\ntry { Replay.createConfig("other"); } catch (e) { print(e.code); }',
  ),
  is(
    'Replay.create_modification',
    ['items[0].name', 'x true 2', 'false', 'input.invalid'],
    'local m = Replay.create_modification("items[0].name", { text = "x", list = { 1, 2 } })\nprint(m:get_path())\nprint(m:get_value().text, m:is_enabled(), m:get_value().list[2])\nm:set_enabled(false)\nprint(m:is_enabled())\npcall(Replay.create_modification, "a..b", 1)\nprint(Debug.last_error().code)',
    'const m = Replay.createModification("items[0].name", { text: "x", list: [1, 2] });\nprint(m.getPath());\nprint(m.getValue().text, m.isEnabled(), m.getValue().list[1]);\nm.setEnabled(false);\nprint(m.isEnabled());\ntry { Replay.createModification("a..b", 1); } catch (e) { print(e.code); }',
  ),
  is(
    'Replay.create_comparator',
    ['false 0.975 1 difference: 1 minor', 'a', 'true Results are identical true'],
    'local c = Replay.create_comparator()\nlocal d = c:compare_json({ a = 1, timestamp = 1 }, { a = 2, timestamp = 2 })\nprint(d.identical, d.similarity_score, d.summary)\nprint(d.differences[1].path)\nlocal e = c:compare_json({ a = { 1 } }, { a = { 1.0 } })\nprint(e.identical, e.summary, e.differences == nil)',
    'const c = Replay.createComparator();\nconst d = c.compareJson({ a: 1, timestamp: 1 }, { a: 2, timestamp: 2 });\nprint(d.identical, d.similarity_score, d.summary);\nprint(d.differences[0].path);\nconst e = c.compareJson({ a: [1] }, { a: [1] });\nprint(e.identical, e.summary, e.differences === undefined);',
  ),
];
