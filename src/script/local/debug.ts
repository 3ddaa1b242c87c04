import { fail } from '../../core/errors.js';
import { isFloat, type ScriptValue } from '../../core/values.js';
import type { DebugHost } from './debug-host.js';
import { DebugLog } from './debug-log.js';
import { jsonReport, performanceReport } from './debug-reports.js';
import { DebugTimers } from './debug-timers.js';
import type { LocalMember } from './member.js';

/** An argument as it arrives; absent ones are `undefined`. */
type Argument = ScriptValue | undefined;

/** The members of `Debug` that are the same in all languages; dumps and stack traces are the preludes' own. */
export function debugMembers(host: DebugHost): Record<string, LocalMember> {
  const log = new DebugLog(host);
  const timers = new DebugTimers(host);
  return {
    ...logMembers(log),
    ...filterMembers(log),
    ...timerMembers(timers),
    ...reportMembers(timers, host),
    'Debug.last_error': () => host.lastError?.() ?? null,
  };
}

function logMembers(log: DebugLog): Record<string, LocalMember> {
  const atLevel = (level: string): LocalMember => {
    return (message, module) => void log.write(level, text(message), optionalText(module));
  };
  return {
    'Debug.trace': atLevel('trace'),
    'Debug.debug': atLevel('debug'),
    'Debug.info': atLevel('info'),
    'Debug.warn': atLevel('warn'),
    'Debug.error': atLevel('error'),
    'Debug.log': (level, message, module) => void log.write(text(level), text(message), optionalText(module)),
    'Debug.logWithData': (level, message, data, module) =>
      void log.write(text(level), text(message), optionalText(module), data ?? null),
    'Debug.setLevel': (level) => log.setLevel(text(level)),
    'Debug.getLevel': () => log.level,
    'Debug.setEnabled': (enabled) => {
      log.enabled = isTrue(enabled);
      return null;
    },
    'Debug.isEnabled': () => log.enabled,
    'Debug.getCapturedEntries': (limit) => log.entries(optionalNumber(limit)) as unknown as ScriptValue,
    'Debug.clearCaptured': () => void log.clear(),
  };
}

function filterMembers({ filters }: DebugLog): Record<string, LocalMember> {
  return {
    'Debug.addModuleFilter': (pattern, enabled) => void filters.add(text(pattern), isTrue(enabled)),
    'Debug.addAdvancedFilter': (pattern, type, enabled) =>
      filters.addAs(text(pattern), text(type), isTrue(enabled)),
    'Debug.removeModuleFilter': (pattern) => filters.remove(text(pattern)),
    'Debug.clearModuleFilters': () => void filters.clear(),
    'Debug.setDefaultFilterEnabled': (enabled) => void filters.setDefault(isTrue(enabled)),
    'Debug.getFilterSummary': () => filters.summary() as unknown as ScriptValue,
  };
}

/**
 * `Debug.timer` is what the preludes make timer objects with: `(action, …)`. They put a function of their own in
 * its place, which takes the timer's name.
 */
function timerMembers(timers: DebugTimers): Record<string, LocalMember> {
  return {
    'Debug.timer': (action, subject, name) => {
      switch (action) {
        case 'start':
          return timers.start(optionalText(subject) ?? 'timer');
        case 'stop':
          return timers.stop(text(subject)) ?? null;
        case 'elapsed':
          return timers.elapsed(text(subject)) ?? null;
        case 'lap':
          return timers.mark(text(subject), text(name));
        default:
          throw fail('internal.error', `Debug.timer knows no action '${String(action)}'`);
      }
    },
    'Debug.recordEvent': (id, name, metadata) => timers.mark(text(id), text(name), metadata ?? undefined),
  };
}

function reportMembers(timers: DebugTimers, host: DebugHost): Record<string, LocalMember> {
  let first: number | undefined;
  const used = () => host.memory?.() ?? 0;
  return {
    'Debug.performanceReport': () => performanceReport(timers),
    'Debug.jsonReport': () => jsonReport(timers, host.now()),
    'Debug.flameGraph': () => timers.flameGraph(),
    'Debug.memoryStats': () => {
      const bytes = used();
      return { used_bytes: bytes, allocated_bytes: bytes, resident_bytes: bytes, collections: 0 };
    },
    'Debug.memorySnapshot': () => {
      const bytes = used();
      first ??= bytes;
      const growth = timers.memoryGrowth();
      return {
        timestamp_secs: Math.floor(host.now() / 1000),
        active_trackers: Object.keys(growth).length,
        total_memory_delta_bytes: bytes - first,
        tracker_memory_usage: growth,
      };
    },
  };
}

/** A message may be any scalar: it is logged as its text. */
function text(value: Argument): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value === undefined || value === null) throw fail('input.invalid', 'A text argument is missing');
  if (typeof value === 'object' && !isFloat(value))
    throw fail('input.invalid', 'A text argument is an object');
  return String(value);
}

function optionalText(value: Argument): string | undefined {
  return value === undefined || value === null ? undefined : text(value);
}

function optionalNumber(value: Argument): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number)) throw fail('input.invalid', `'${String(value)}' is not a number`);
  return Math.trunc(number);
}

/** Scripts' own idea of truth: nil and false are false, everything else is true. */
function isTrue(value: Argument): boolean {
  return value !== undefined && value !== null && value !== false;
}
