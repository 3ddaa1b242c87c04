import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { operationParameter } from '../operation.js';
import { readPath } from '../parameters.js';
import { progressOf } from '../progress.js';
import { fileWatcherSamples } from './file-watcher.samples.js';
import type { WatchEvent } from './watch/events.js';
import { DEFAULTS, MAX_EVENTS, MAX_TIMEOUT_SECONDS } from './watch/limits.js';
import { openRoots, type Watched } from './watch/roots.js';
import {
  changesBetween,
  forgetSnapshot,
  loadSnapshot,
  saveSnapshot,
  snapshotKey,
  takeSnapshot,
} from './watch/snapshot.js';
import { watch } from './watch/watch.js';

const inputSchema = z.object({
  operation: operationParameter(['watch', 'get_changes', 'unwatch', 'config']).describe(
    'watch: wait for changes; get_changes: what changed since the last call; unwatch: forget it; config: defaults.',
  ),
  input: z
    .union([
      readPath('A file or folder to watch.'),
      z.array(readPath('A file or folder to watch.')).min(1).max(DEFAULTS.max_paths),
    ])
    .optional()
    .describe('The files and folders to watch.'),
  recursive: z.boolean().default(true).describe('Watch what lies in folders of a folder too.'),
  pattern: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Only paths that match this pattern, e.g. "**/*.ts" or "*.log".'),
  debounce_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(DEFAULTS.default_debounce_ms)
    .describe('watch: changes of one path within so many milliseconds are one.'),
  timeout_seconds: z
    .number()
    .positive()
    .max(MAX_TIMEOUT_SECONDS)
    .default(DEFAULTS.default_timeout)
    .describe('watch: how long to wait.'),
  timeout_ms: z
    .int()
    .min(1)
    .max(MAX_TIMEOUT_SECONDS * 1000)
    .optional()
    .describe('watch: how long to wait, in milliseconds; comes before timeout_seconds.'),
  max_events: z
    .int()
    .min(1)
    .max(MAX_EVENTS)
    .default(DEFAULTS.max_events)
    .describe('The most changes that are told.'),
  snapshot: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional()
    .describe(
      'get_changes and unwatch: a name for what was seen; without it the paths and the pattern are the name.',
    ),
  keep: z
    .boolean()
    .default(false)
    .describe('get_changes: compare with the same state the next time, and not with that of this call.'),
});
type Input = z.output<typeof inputSchema>;
type Work = (input: Input, context: ExecutionContext, host: ToolHost) => Promise<ToolOutcome>;

/** Waits for changes of files, or tells what has changed since the last time. */
export default defineTool({
  name: 'file-watcher',
  category: 'filesystem',
  level: 'restricted',
  description: 'Watches files and folders for changes, or tells what changed since it was last asked.',
  capabilities: ['read'],
  input: inputSchema,
  parameterAliases: { path: 'input', paths: 'input', directory: 'input', timeout: 'timeout_seconds' },
  operationAliases: { start: 'watch', changes: 'get_changes', stop: 'unwatch', info: 'config' },
  timeoutMs: (MAX_TIMEOUT_SECONDS + 60) * 1000,
  samples: fileWatcherSamples,
  run: (input, context, host) => WORK[input.operation](input, context, host),
});

const WORK: Readonly<Record<Input['operation'], Work>> = {
  async watch(input, context) {
    const watched = await watchedBy(input, context);
    const timeoutMs = input.timeout_ms ?? input.timeout_seconds * 1000;
    const options = { timeoutMs, debounceMs: input.debounce_ms, maxEvents: input.max_events };
    const { events, ended } = await watch(watched, options, context, progressOf('file-watcher', context));
    return told(events, { ended });
  },

  async get_changes(input, context, host) {
    const watched = await watchedBy(input, context);
    const state = await host.state();
    const key = snapshotKey(input.snapshot, watched, input.pattern);
    const [before, after] = [await loadSnapshot(state, key, context), await takeSnapshot(watched, context)];
    if (!before || !input.keep) await saveSnapshot(state, key, after, context);
    const all = before ? changesBetween(before, after, context.effects.now()) : [];
    // What was granted when the snapshot was taken may not be granted any more.
    const granted = all.filter(
      ({ path, old_path: old }) => watched.wanted(path) && (!old || watched.wanted(old)),
    );
    const events = granted.slice(0, input.max_events);
    return told(events, {
      first: before === undefined,
      files: after.size,
      truncated: granted.length > events.length,
    });
  },

  async unwatch(input, context, host) {
    const watched = await watchedBy(input, context);
    const key = snapshotKey(input.snapshot, watched, input.pattern);
    const forgotten = await forgetSnapshot(await host.state(), key, context);
    const message = forgotten ? 'Forgot what was seen' : 'There was nothing to forget';
    return { message, text: message, result: { forgotten } };
  },

  async config() {
    return { result: { ...DEFAULTS }, message: 'The defaults of file watching' };
  },
};

function watchedBy(
  { input, recursive, pattern, operation }: Input,
  context: ExecutionContext,
): Promise<Watched> {
  if (input === undefined)
    throw fail('input.invalid', `Missing required array parameter 'input' of operation '${operation}'`);
  return openRoots([input].flat(), { recursive, pattern }, context);
}

function told(events: WatchEvent[], extra: JsonObject): ToolOutcome {
  const message = events.length === 1 ? '1 change' : `${events.length} changes`;
  const lines = events.map(
    ({ event_type: type, path, old_path: old }) => `${type} ${old ? `${old} -> ` : ''}${path}`,
  );
  return {
    message,
    text: [message, ...lines].join('\n'),
    result: { events: events.map((event) => ({ ...event })), event_count: events.length, ...extra },
  };
}
