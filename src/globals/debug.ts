import { z } from 'zod';
import { defineGlobal, type MemberDefinition, member, type Params } from './define.js';
import { anyValue, flag, integer, table, text } from './types.js';

const message = () => text().describe('The message.');
const moduleName = () => text().optional().describe('A dotted name, e.g. `app.main`; filters go by it.');

const options = () =>
  table()
    .optional()
    .describe(
      '`max_depth`, `indent_size`, `max_string_length`, `max_array_elements`, `max_table_pairs`, `show_types`, `compact_mode`.',
    );
const stackOptions = () => table().optional().describe('`max_depth`, `capture_locals`.');

/** All of `Debug` runs in the isolate; only what passes the filters crosses. */
function local<P extends Params>(definition: {
  doc: string;
  params: P;
  returns?: z.ZodType;
  aliases?: string[];
  example?: MemberDefinition['example'];
}): MemberDefinition {
  return member<P>({ ...definition, where: 'isolate' });
}

const log = (level: string) =>
  local({
    doc: `Logs at level ${level.toUpperCase()}.`,
    params: { message: message(), module: moduleName() },
    example: {
      lua: `Debug.setLevel("trace")\nDebug.${level}("ready", "app.main")\nprint(Debug.getCapturedEntries(1)[1].level)`,
      javascript: `Debug.setLevel("trace");\nDebug.${level}("ready", "app.main");\nprint(Debug.getCapturedEntries(1)[0].level);`,
    },
  });

const entry = z
  .object({
    timestamp: z.string(),
    level: z.string(),
    message: z.string(),
    module: z.string().optional(),
    metadata: z.any().optional(),
  })
  .meta({ id: 'LogEntry' });

const lastError = z
  .object({ code: z.string(), message: z.string(), hint: z.string().optional(), details: z.any().optional() })
  .meta({ id: 'ErrorInfo' });

/** The global `Debug`. */
export default defineGlobal({
  name: 'Debug',
  doc: 'Logging with levels and module filters, timers, readable dumps, stack traces.',
  members: {
    trace: log('trace'),
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    log: local({
      doc: 'Logs at a level given by name; unknown levels are ignored.',
      params: { level: text(), message: message(), module: moduleName() },
      example: {
        lua: 'Debug.log("warn", "nearly full", "app.disk")',
        javascript: 'Debug.log("warn", "nearly full", "app.disk");',
      },
    }),
    logWithData: local({
      doc: 'Logs with a value attached.',
      params: { level: text(), message: message(), data: anyValue(), module: moduleName() },
      example: {
        lua: 'Debug.logWithData("info", "saved", { rows = 3 }, "app.db")\nprint(Debug.getCapturedEntries(1)[1].metadata.rows)',
        javascript:
          'Debug.logWithData("info", "saved", { rows: 3 }, "app.db");\nprint(Debug.getCapturedEntries(1)[0].metadata.rows);',
      },
    }),
    setLevel: local({
      doc: 'Sets the least severe level that is kept: off, error, warn, info, debug, trace. False if the word is unknown.',
      params: { level: text() },
      returns: z.boolean(),
      example: {
        lua: 'assert(Debug.setLevel("debug"))\nassert(not Debug.setLevel("loud"))',
        javascript: 'print(Debug.setLevel("debug"), Debug.setLevel("loud"));',
      },
    }),
    getLevel: local({
      doc: 'The level in upper case.',
      params: {},
      returns: z.string(),
      example: {
        lua: 'print(Debug.getLevel())',
        javascript: 'print(Debug.getLevel());',
      },
    }),
    setEnabled: local({
      doc: 'Switches logging on or off.',
      params: { enabled: flag() },
      example: {
        lua: 'Debug.setEnabled(false)\nDebug.info("not kept")\nprint(#Debug.getCapturedEntries())',
        javascript:
          'Debug.setEnabled(false);\nDebug.info("not kept");\nprint(Debug.getCapturedEntries().length);',
      },
    }),
    isEnabled: local({
      doc: 'Whether logging is on.',
      params: {},
      returns: z.boolean(),
      example: {
        lua: 'print(Debug.isEnabled())',
        javascript: 'print(Debug.isEnabled());',
      },
    }),
    addModuleFilter: local({
      doc: 'Adds a rule; `a.*` covers a module and what is below it, `*?[` make a wildcard, anything else is exact. The first enabling rule turns the set into an allow-list.',
      params: { pattern: text(), enabled: flag() },
      example: {
        lua: 'Debug.addModuleFilter("app.*", true)\nDebug.info("kept", "app.main")\nDebug.info("left out", "net")\nprint(#Debug.getCapturedEntries())',
        javascript:
          'Debug.addModuleFilter("app.*", true);\nDebug.info("kept", "app.main");\nDebug.info("left out", "net");\nprint(Debug.getCapturedEntries().length);',
      },
    }),
    addAdvancedFilter: local({
      doc: 'Adds a rule of a given kind: exact, wildcard, regex or hierarchical. False if the kind or the expression is wrong.',
      params: { pattern: text(), kind: text(), enabled: flag() },
      returns: z.boolean(),
      example: {
        lua: 'assert(Debug.addAdvancedFilter("^net\\\\.", "regex", false))\nassert(not Debug.addAdvancedFilter("(", "regex", true))',
        javascript:
          'print(Debug.addAdvancedFilter("^net\\\\.", "regex", false), Debug.addAdvancedFilter("(", "regex", true));',
      },
    }),
    removeModuleFilter: local({
      doc: 'Removes a rule; whether there was one.',
      params: { pattern: text() },
      returns: z.boolean(),
      example: {
        lua: 'Debug.addModuleFilter("app.*", true)\nprint(Debug.removeModuleFilter("app.*"), Debug.removeModuleFilter("app.*"))',
        javascript:
          'Debug.addModuleFilter("app.*", true);\nprint(Debug.removeModuleFilter("app.*"), Debug.removeModuleFilter("app.*"));',
      },
    }),
    clearModuleFilters: local({
      doc: 'Removes all rules.',
      params: {},
      example: {
        lua: 'Debug.addModuleFilter("app.*", true)\nDebug.clearModuleFilters()\nprint(Debug.getFilterSummary().total_rules)',
        javascript:
          'Debug.addModuleFilter("app.*", true);\nDebug.clearModuleFilters();\nprint(Debug.getFilterSummary().total_rules);',
      },
    }),
    setDefaultFilterEnabled: local({
      doc: 'What happens to modules that no rule covers.',
      params: { enabled: flag() },
      example: {
        lua: 'Debug.setDefaultFilterEnabled(false)\nDebug.info("left out", "net")\nprint(#Debug.getCapturedEntries())',
        javascript:
          'Debug.setDefaultFilterEnabled(false);\nDebug.info("left out", "net");\nprint(Debug.getCapturedEntries().length);',
      },
    }),
    getFilterSummary: local({
      doc: 'The rules and the default.',
      params: {},
      returns: z.record(z.string(), z.any()),
      example: {
        lua: 'Debug.addModuleFilter("app.*", true)\nprint(Debug.getFilterSummary().rules[1].pattern_type)',
        javascript:
          'Debug.addModuleFilter("app.*", true);\nprint(Debug.getFilterSummary().rules[0].pattern_type);',
      },
    }),
    timer: local({
      doc: 'Starts a timer. It has `stop()` (milliseconds, nil the second time), `lap(name)`, `elapsed()` and `id`.',
      params: { name: text() },
      returns: z.any(),
      example: {
        lua: 'local t = Debug.timer("work")\nassert(t:stop() >= 0)',
        javascript: 'const t = Debug.timer("work");\nt.stop();',
      },
    }),
    recordEvent: local({
      doc: 'Notes an event on a running timer; whether the timer is running.',
      params: { timer_id: text(), name: text(), metadata: anyValue().optional() },
      returns: z.boolean(),
      example: {
        lua: 'local t = Debug.timer("work")\nprint(Debug.recordEvent(t.id, "half", { done = 5 }))',
        javascript: 'const t = Debug.timer("work");\nprint(Debug.recordEvent(t.id, "half", { done: 5 }));',
      },
    }),
    getCapturedEntries: local({
      doc: 'The newest log entries, oldest first.',
      params: { limit: integer().optional() },
      returns: z.array(entry),
      example: {
        lua: 'Debug.info("ready", "app")\nlocal entry = Debug.getCapturedEntries(1)[1]\nprint(entry.level, entry.module, entry.message)',
        javascript:
          'Debug.info("ready", "app");\nconst [entry] = Debug.getCapturedEntries(1);\nprint(entry.level, entry.module, entry.message);',
      },
    }),
    clearCaptured: local({
      doc: 'Forgets the captured entries.',
      params: {},
      example: {
        lua: 'Debug.info("ready")\nDebug.clearCaptured()\nprint(#Debug.getCapturedEntries())',
        javascript: 'Debug.info("ready");\nDebug.clearCaptured();\nprint(Debug.getCapturedEntries().length);',
      },
    }),
    dump: local({
      doc: 'A readable text of a value with its types.',
      params: { value: anyValue(), label: z.any().optional().describe('A label, or a table of options.') },
      returns: z.string(),
      example: {
        lua: 'print(Debug.dump({ a = { 1, 2 } }, "cfg"))',
        javascript: 'print(Debug.dump({ a: [1, 2] }, "cfg"));',
      },
    }),
    dumpCompact: local({
      doc: 'A dump on one line.',
      params: { value: anyValue(), label: text().optional() },
      returns: z.string(),
      example: {
        lua: 'print(Debug.dumpCompact({ a = 1, b = { 2, 3 } }))',
        javascript: 'print(Debug.dumpCompact({ a: 1, b: [2, 3] }));',
      },
    }),
    dumpVerbose: local({
      doc: 'A deep dump.',
      params: { value: anyValue(), label: text().optional() },
      returns: z.string(),
      example: {
        lua: 'print(Debug.dumpVerbose({ a = { b = { c = 1 } } }, "deep"))',
        javascript: 'print(Debug.dumpVerbose({ a: { b: { c: 1 } } }, "deep"));',
      },
    }),
    dumpWithOptions: local({
      doc: 'A dump as the options say.',
      params: { value: anyValue(), options: options(), label: text().optional() },
      returns: z.string(),
      example: {
        lua: 'print(Debug.dumpWithOptions({ a = { b = {} } }, { max_depth = 0, show_types = false }))',
        javascript: 'print(Debug.dumpWithOptions({ a: { b: {} } }, { max_depth: 0, show_types: false }));',
      },
    }),
    performanceReport: local({
      doc: 'What the timers measured, as text.',
      params: {},
      returns: z.string(),
      example: {
        lua: 'Debug.timer("work"):stop()\nprint(Debug.performanceReport())',
        javascript: 'Debug.timer("work").stop();\nprint(Debug.performanceReport());',
      },
    }),
    jsonReport: local({
      doc: 'What the timers measured, as JSON text.',
      params: {},
      returns: z.string(),
      example: {
        lua: 'Debug.timer("work"):stop()\nprint(JSON.parse(Debug.jsonReport()).timings.work.count)',
        javascript: 'Debug.timer("work").stop();\nprint(JSON.parse(Debug.jsonReport()).timings.work.count);',
      },
    }),
    flameGraph: local({
      doc: 'Timers as folded stacks.',
      params: {},
      returns: z.string(),
      example: {
        lua: 'local outer = Debug.timer("outer")\nDebug.timer("inner"):stop()\nouter:stop()\nassert(Debug.flameGraph():find("outer;inner", 1, true))',
        javascript:
          'const outer = Debug.timer("outer");\nDebug.timer("inner").stop();\nouter.stop();\nprint(Debug.flameGraph().includes("outer;inner"));',
      },
    }),
    memorySnapshot: local({
      doc: 'The script’s memory now.',
      params: {},
      returns: z.record(z.string(), z.any()),
      example: {
        lua: 'print(Debug.memorySnapshot().active_trackers)',
        javascript: 'print(Debug.memorySnapshot().active_trackers);',
      },
    }),
    memoryStats: local({
      doc: 'The script’s memory.',
      params: {},
      returns: z.record(z.string(), z.any()),
      example: {
        lua: 'assert(Debug.memoryStats().used_bytes > 0)',
        javascript: 'print(Debug.memoryStats().used_bytes > 0);',
      },
    }),
    stackTrace: local({
      doc: 'The call stack as text.',
      params: { options: stackOptions() },
      returns: z.string(),
      example: {
        lua: 'local function work() return Debug.stackTrace() end\nassert(work():find("Stack trace:", 1, true))',
        javascript:
          'function work() { return Debug.stackTrace(); }\nprint(work().startsWith("Stack trace:"));',
      },
    }),
    stackTraceJson: local({
      doc: 'The call stack as JSON text.',
      params: { options: stackOptions() },
      returns: z.string(),
      example: {
        lua: 'local function work()\n  local answer = 42\n  return Debug.stackTraceJson({ capture_locals = true, max_depth = 1 }), answer\nend\nprint(#JSON.parse((work())).frames)',
        javascript:
          'function work() { return Debug.stackTraceJson({ max_depth: 1 }); }\nprint(JSON.parse(work()).frames.length);',
      },
    }),
    last_error: local({
      doc: 'Code, message and details of the last error a call raised, or nil.',
      params: {},
      returns: lastError.nullable(),
      example: {
        lua: 'pcall(Tool.execute, "no-such-tool", {})\nprint(Debug.last_error().code)',
        javascript: 'try { Tool.execute("no-such-tool", {}); } catch {}\nprint(Debug.lastError().code);',
      },
    }),
  },
});
