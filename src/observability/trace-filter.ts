import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import { LOG_LEVELS, type LogLevel } from '../core/events.js';
import { CATEGORIES, type Category, isCategory } from './categories.js';

/** What is logged: a level, and levels of single categories. */
export interface TraceFilter {
  /** For every category that has no level of its own. */
  readonly level: LogLevel;
  /** Whether that level was asked for. */
  readonly chosen: boolean;
  readonly categories: Readonly<Partial<Record<Category, LogLevel>>>;
}

/** Reads `warn`, `tool=debug` or `warn,tool=debug,hook=trace`. Nothing is `warn`. @throws `usage.invalid` */
export function parseTraceFilter(text: string | undefined): TraceFilter {
  if (text === undefined) return { level: 'warn', chosen: false, categories: {} };
  let level: LogLevel | undefined;
  const categories: Partial<Record<Category, LogLevel>> = {};
  for (const part of text.split(',').map((word) => word.trim())) {
    const [name = '', own] = part.split('=', 2);
    if (own === undefined) level = levelOf(name, text);
    else categories[categoryNamed(name)] = levelOf(own, text);
  }
  return { level: level ?? 'warn', chosen: level !== undefined, categories };
}

/** Whether something of this category and level is logged. */
export function traces({ level, categories }: TraceFilter, category: Category, entry: LogLevel): boolean {
  return LOG_LEVELS.indexOf(entry) <= LOG_LEVELS.indexOf(categories[category] ?? level);
}

function levelOf(word: string, text: string): LogLevel {
  if ((LOG_LEVELS as readonly string[]).includes(word)) return word as LogLevel;
  throw fail('usage.invalid', `'${word}' in '${text}' is no log level`, {
    hint: `One of: ${LOG_LEVELS.join(', ')}`,
  });
}

function categoryNamed(name: string): Category {
  if (isCategory(name)) return name;
  const near = closest(name, CATEGORIES);
  throw fail('usage.invalid', `'${name}' is no tracing category`, {
    hint: near ? `Did you mean '${near}'?` : `One of: ${CATEGORIES.join(', ')}`,
  });
}
