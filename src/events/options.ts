import type { Config } from '../config/types.js';
import type { JournalEvent } from '../core/events.js';
import { eventName } from '../core/events.js';
import { compileGlob } from '../core/glob.js';
import { type BusEvent, groupOf, sourceOf } from './event.js';

/** `[events]` of the configuration. */
export type EventsConfig = Config['events'];

/**
 * The question whether the configuration passes an event on; undefined when it passes on everything.
 */
export function passesOn({ filtering }: EventsConfig): ((event: JournalEvent) => boolean) | undefined {
  const types = choice(filtering.include_types, filtering.exclude_types);
  const components = choice(filtering.include_components, filtering.exclude_components);
  if (!types && !components) return undefined;
  return (event) => {
    if (types && !types([eventName(event)])) return false;
    return !components || components(componentNames(event));
  };
}

/** Whether everybody hears of such an event, or only who names it. */
export function isShown(event: JournalEvent, config: EventsConfig): boolean {
  const group = groupOf(event);
  if (group === 'debug') return config.emit_debug_events;
  return group === 'state' ? config.emit_state_events : true;
}

/** Whether a subscriber names such events, instead of wanting everything. */
export function names(patterns: readonly { head: string }[], { name }: Pick<BusEvent, 'name'>): boolean {
  const word = name.split('.')[0]!;
  return patterns.some(({ head }) => head === name || head.startsWith(`${word}.`) || head === word);
}

/** The spellings by which filters may mean the component of an event: `tool:calculator`, `calculator`. */
function componentNames(event: JournalEvent): string[] {
  const source = event.type === 'event.published' ? (event.source ?? 'script') : sourceOf(event);
  const colon = source.indexOf(':');
  return colon < 0 ? [source] : [source, source.slice(colon + 1)];
}

function choice(
  include: readonly string[],
  exclude: readonly string[],
): ((names: readonly string[]) => boolean) | undefined {
  const wanted = include.includes('*') ? undefined : include.map(compileGlob);
  const unwanted = exclude.map(compileGlob);
  if (!wanted && unwanted.length === 0) return undefined;
  return (names) => {
    const has = (globs: readonly { matches(text: string): boolean }[]) =>
      globs.some((glob) => names.some((name) => glob.matches(name)));
    return (!wanted || has(wanted)) && !has(unwanted);
  };
}
