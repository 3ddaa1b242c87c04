import { type JournalEvent, LOG_LEVELS } from '../core/events.js';

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

/**
 * How an event shows among the logs, if it is severe enough.
 * @param limit index in {@link LOG_LEVELS} of the least severe level to show.
 * @param chosen whether the user chose the level; a script's own `Debug` output shows at its own level otherwise.
 */
export function logLine(event: JournalEvent, limit: number, chosen: boolean): LogLine | undefined {
  const entry = asLog(event);
  if (!entry) return undefined;
  const shown = entry.own && !chosen ? true : LOG_LEVELS.indexOf(entry.level) <= limit;
  if (!shown) return undefined;
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
  level: (typeof LOG_LEVELS)[number];
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
      return undefined;
  }
}
