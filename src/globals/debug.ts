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
  local({ doc: `Logs at level ${level}.`, params: { message: message(), module: moduleName() } });

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
    trace: log('TRACE'),
    debug: log('DEBUG'),
    info: local({
      doc: 'Logs at level INFO.',
      params: { message: message(), module: moduleName() },
      example: { lua: 'Debug.info("ready", "app.main")', javascript: 'Debug.info("ready", "app.main");' },
    }),
    warn: log('WARN'),
    error: log('ERROR'),
    log: local({
      doc: 'Logs at a level given by name; unknown levels are ignored.',
      params: { level: text(), message: message(), module: moduleName() },
    }),
    logWithData: local({
      doc: 'Logs with a value attached.',
      params: { level: text(), message: message(), data: anyValue(), module: moduleName() },
    }),
    setLevel: local({
      doc: 'Sets the least severe level that is kept: off, error, warn, info, debug, trace. False if the word is unknown.',
      params: { level: text() },
      returns: z.boolean(),
    }),
    getLevel: local({ doc: 'The level in upper case.', params: {}, returns: z.string() }),
    setEnabled: local({ doc: 'Switches logging on or off.', params: { enabled: flag() } }),
    isEnabled: local({ doc: 'Whether logging is on.', params: {}, returns: z.boolean() }),
    addModuleFilter: local({
      doc: 'Adds a rule; `a.*` covers a module and what is below it, `*?[` make a wildcard, anything else is exact. The first enabling rule turns the set into an allow-list.',
      params: { pattern: text(), enabled: flag() },
    }),
    addAdvancedFilter: local({
      doc: 'Adds a rule of a given kind: exact, wildcard, regex or hierarchical. False if the kind or the expression is wrong.',
      params: { pattern: text(), kind: text(), enabled: flag() },
      returns: z.boolean(),
    }),
    removeModuleFilter: local({
      doc: 'Removes a rule; whether there was one.',
      params: { pattern: text() },
      returns: z.boolean(),
    }),
    clearModuleFilters: local({ doc: 'Removes all rules.', params: {} }),
    setDefaultFilterEnabled: local({
      doc: 'What happens to modules that no rule covers.',
      params: { enabled: flag() },
    }),
    getFilterSummary: local({
      doc: 'The rules and the default.',
      params: {},
      returns: z.record(z.string(), z.any()),
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
    }),
    getCapturedEntries: local({
      doc: 'The newest log entries, oldest first.',
      params: { limit: integer().optional() },
      returns: z.array(entry),
    }),
    clearCaptured: local({ doc: 'Forgets the captured entries.', params: {} }),
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
    }),
    dumpVerbose: local({
      doc: 'A deep dump.',
      params: { value: anyValue(), label: text().optional() },
      returns: z.string(),
    }),
    dumpWithOptions: local({
      doc: 'A dump as the options say.',
      params: { value: anyValue(), options: options(), label: text().optional() },
      returns: z.string(),
    }),
    performanceReport: local({ doc: 'What the timers measured, as text.', params: {}, returns: z.string() }),
    jsonReport: local({ doc: 'What the timers measured, as JSON text.', params: {}, returns: z.string() }),
    flameGraph: local({ doc: 'Timers as folded stacks.', params: {}, returns: z.string() }),
    memorySnapshot: local({
      doc: 'The script’s memory now.',
      params: {},
      returns: z.record(z.string(), z.any()),
    }),
    memoryStats: local({ doc: 'The script’s memory.', params: {}, returns: z.record(z.string(), z.any()) }),
    stackTrace: local({
      doc: 'The call stack as text.',
      params: { options: stackOptions() },
      returns: z.string(),
    }),
    stackTraceJson: local({
      doc: 'The call stack as JSON text.',
      params: { options: stackOptions() },
      returns: z.string(),
    }),
    last_error: local({
      doc: 'Code, message and details of the last error a call raised, or nil.',
      params: {},
      returns: lastError.nullable(),
    }),
  },
});
