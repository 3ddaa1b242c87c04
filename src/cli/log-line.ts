import type { JournalEvent, LogLevel } from '../core/events.js';
import { categoryOf } from '../observability/categories.js';
import { type TraceFilter, traces } from '../observability/trace-filter.js';

/** A log line in both forms. */
export interface LogLine {
  plain: string;
  colored: string;
}

const COLORS: Record<string, string> = {
  error: '\x1b[31m',
  warn: '\x1b[33m',
  info: '\x1b[36m',
  debug: '\x1b[2m',
  trace: '\x1b[2m',
};

/** Which events show among the logs, and in what form. */
export interface LogOptions {
  readonly filter: TraceFilter;
  readonly format: 'text' | 'json';
}

/** How an event shows among the logs, if it is severe enough. What a script logs shows where no level was asked for. */
export function logLine(event: JournalEvent, { filter, format }: LogOptions): LogLine | undefined {
  const entry = asLog(event);
  if (!entry) return undefined;
  const category = categoryOf(event);
  const own = entry.own && !filter.chosen && filter.categories[category] === undefined;
  if (!own && !traces(filter, category, entry.level)) return undefined;
  return format === 'json' ? jsonLine(event, entry, category) : textLine(event, entry);
}

function jsonLine({ time, run, path }: JournalEvent, entry: Entry, category: string): LogLine {
  const { level, message, module, data } = entry;
  const timestamp = new Date(time).toISOString();
  const plain = JSON.stringify({ timestamp, level, category, message, module, data, run, path });
  return { plain, colored: plain };
}

function textLine(event: JournalEvent, entry: Entry): LogLine {
  const time = new Date(event.time).toISOString().replace('T', ' ').replace('Z', '');
  const module = entry.module ? ` [${entry.module}]` : '';
  const level = entry.level.toUpperCase().padEnd(5);
  const data = entry.data === undefined ? '' : ` ${JSON.stringify(entry.data)}`;
  const rest = `${module} ${entry.message}${data}`;
  return {
    plain: `${time} ${level}${rest}`,
    colored: `\x1b[2m${time}\x1b[0m ${COLORS[entry.level] ?? ''}${level}\x1b[0m${rest}`,
  };
}

interface Entry {
  level: LogLevel;
  message: string;
  module?: string | undefined;
  data?: unknown;
  /** Written by the script itself with `Debug`. */
  own?: boolean;
}

function asLog(event: JournalEvent): Entry | undefined {
  switch (event.type) {
    case 'log':
      return {
        level: event.level,
        message: event.message,
        module: event.module,
        data: event.data,
        own: event.path === 'run' && event.module !== 'os',
      };
    case 'model.retry':
      return {
        level: 'warn',
        message: `attempt ${event.attempt} failed (${event.reason}); next in ${event.waitMs} ms`,
        module: event.path,
      };
    case 'component.started':
      return { level: 'debug', message: `${event.kind} ${event.name} started`, module: event.path };
    case 'component.finished':
      return {
        level: 'debug',
        message: `${event.kind} ${event.name} ${event.error ? `failed: ${event.error.message}` : 'finished'} after ${event.durationMs} ms`,
        module: event.path,
      };
    case 'permission':
      return {
        level: event.granted ? 'debug' : 'info',
        message: `${event.granted ? 'granted' : 'refused'} ${event.capability} ${event.target}`,
        module: 'security',
      };
    case 'model.usage':
      return {
        level: 'debug',
        message: `${event.usage.inputTokens} tokens in, ${event.usage.outputTokens} out (${event.usage.source})`,
        module: `${event.provider}/${event.model}`,
      };
    default:
      return whatHappened(event);
  }
}

/** What nobody needs to know unless he asks. */
function whatHappened(event: JournalEvent): Entry | undefined {
  const { path: module } = event;
  switch (event.type) {
    case 'run.started':
      return { level: 'debug', message: `run of ${event.name} started`, module };
    case 'run.finished': {
      const how = event.error ? `failed: ${event.error.message}` : 'finished';
      return { level: 'debug', message: `run ${how} after ${event.durationMs} ms`, module };
    }
    case 'hook.executed':
      return {
        level: 'debug',
        message: `${event.point}: ${event.result} after ${event.durationMs} ms`,
        module,
      };
    case 'event.dropped':
      return { level: 'info', message: `${event.count} × ${event.name} dropped: ${event.reason}`, module };
    case 'event.failed':
      return { level: 'warn', message: `a handler of ${event.name} failed: ${event.error.message}`, module };
    case 'event.published':
      return { level: 'trace', message: `${event.name} published`, module };
    case 'state.changed':
      return { level: 'trace', message: `${event.operation} ${event.scope}:${event.key}`, module };
    case 'session.changed':
      return { level: 'debug', message: `session ${event.session} ${event.change}`, module };
    case 'artifact.changed':
      return { level: 'debug', message: `artifact ${event.name} ${event.change}`, module };
    default:
      return undefined;
  }
}
