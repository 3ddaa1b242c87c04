import { z } from 'zod';
import { count, flag, freeTable, list, oneOf, positive, real, table, text } from './fields.js';

/** `[hooks]`. */
export const hooks = table('Functions that run before and after components.', {
  enabled: flag('Run the hooks that are registered.'),
  files: list(
    'Spells that are run once in each session before its first script; the hooks they register stay.',
  ),
  rate_limit_per_minute: count('Runs a minute of one hook.'),
  timeout_ms: count('Milliseconds one run of a hook may take.'),
  circuit_breaker_threshold: real(
    'Share of the run time that hooks may cost before slow ones are switched off.',
    0,
    1,
  ),
  builtin: z
    .record(z.string(), freeTable('Options of a built-in hook; `enabled = false` leaves it off.'))
    .describe('Built-in hooks by name, with their options: each table switches one on.'),
  monitor: table(
    'When hooks are told that the process is overburdened. It is only looked at while one listens.',
    {
      interval_ms: count('Milliseconds between two looks.'),
      memory_mb: count('Megabytes of memory of the whole process.'),
      cpu_percent: positive('Percent of one processor.'),
      duration_ms: count('Milliseconds that one call of a tool, an agent or a model may take.'),
    },
  ),
});

const filtering = table('Which events are passed on. Patterns may contain `*`.', {
  include_types: list('Event types to pass on.'),
  exclude_types: list('Event types to drop.'),
  include_components: list('Components whose events are passed on.'),
  exclude_components: list('Components whose events are dropped.'),
});

const exporting = table('Where events are copied to.', {
  stdout: flag('Print events.'),
  file: text('Append events to this file.').optional(),
  webhook: z
    .url({ protocol: /^https?$/ })
    .describe('Post events to this address.')
    .optional(),
  pretty_json: flag('Spread printed events over several lines.'),
});

/** `[events]`. */
export const events = table('The event bus.', {
  enabled: flag('Deliver events.'),
  buffer_size: count('Events that wait for a slow subscriber before `overflow` decides.'),
  overflow: oneOf(
    ['block', 'drop_oldest', 'drop_newest', 'sample', 'reject'],
    'What happens to an event for which a queue has no room.',
  ),
  block_timeout_ms: count('Milliseconds that a publisher waits for room with `overflow = "block"`.'),
  handler_timeout_ms: count('Milliseconds that an event handler may take.'),
  max_depth: count('Events that handlers may cause one after the other.'),
  dead_letters: count('Undelivered events that are kept for `Event.dead_letters`.', 0),
  emit_timing_events: flag('Say in events how long components took.'),
  emit_state_events: flag('Report changes of state also to those who subscribe to everything.'),
  emit_debug_events: flag(
    'Report output, log entries and the like also to those who subscribe to everything.',
  ),
  max_events_per_second: count('Events a second that may be published; more are refused.').optional(),
  filtering,
  export: exporting,
});

const output = table('Where log entries go.', {
  stdout: flag('Print log entries.'),
  colored: flag('Use colours on a terminal.'),
  format: oneOf(['text', 'json', 'json_pretty'], 'How an entry looks.'),
  file: table('A log file.', {
    path: text('The file.'),
    append: flag('Keep what the file holds.'),
    max_size: count('Bytes after which a new file is begun.'),
    max_files: count('Old files that are kept.'),
  }).optional(),
  buffer: table('Entries kept in memory for `Debug.getCapturedEntries`.', {
    enabled: flag('Keep entries.'),
    max_entries: count('Entries that are kept.'),
  }),
});

const moduleFilters = table('Which modules may log. Patterns may contain `*`.', {
  enabled: list('If not empty, only these modules.'),
  disabled: list('Modules that stay silent.'),
  levels: z.record(z.string(), z.string()).describe('Level of single modules.'),
});

const performance = table('Measuring how long parts of a spell take.', {
  enabled: flag('Measure.'),
  auto_report_interval: count('Seconds between reports; 0 reports only when asked.', 0),
  include_children: flag('Show nested measurements.'),
  min_duration_ms: real('Shorter measurements are left out.', 0),
});

const stackTrace = table('Stack traces in log entries.', {
  enabled: flag('Attach a trace to every entry.'),
  on_error: flag('Attach a trace to errors.'),
  max_depth: count('Frames that are shown.'),
  include_source: flag('Show file and line.'),
});

/** `[debug]`. */
export const debug = table('The `Debug` global and logging.', {
  enabled: flag('Record log entries of spells.'),
  level: oneOf(
    ['off', 'error', 'warn', 'info', 'debug', 'trace'],
    'The least important entries that are kept.',
  ),
  output,
  module_filters: moduleFilters,
  performance,
  stack_trace: stackTrace,
});

/** `[metrics]`. */
export const metrics = table('Figures about what runs do.', {
  enabled: flag('Count from the start; otherwise from the moment a spell or a command asks.'),
  max_metrics: count('Metrics that there may be.'),
  max_series: count('Combinations of labels that one metric may have; what would be more is left out.'),
});

/** `[tracing]`. */
export const tracing = table('Spans and the log of what llmspell does.', {
  opentelemetry: flag('Hand spans to the OpenTelemetry SDK of the process, if it has one.'),
  content: flag('Put what was said to models and tools into spans.'),
  filter: text(
    'What is logged on stderr: a level, and levels of single categories, e.g. `warn,tool=debug`. `--trace` wins.',
  ).optional(),
  format: oneOf(['text', 'json'], 'How a line of that log looks.'),
});
