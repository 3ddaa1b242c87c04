import type { ToolHost } from '../../host.js';
import type { SearchEngine } from './engine.js';

/** What an engine wants to see. */
export interface Credentials {
  key: string;
  id: string;
}

/** The variable of a setting of an engine, e.g. `WEBSEARCH_BRAVE_BASE_URL`. */
export function variableOf(engine: SearchEngine, setting: string): string {
  return `WEBSEARCH_${engine.name.toUpperCase()}_${setting}`;
}

/**
 * The credentials of an engine: the first of its variables that is set, then `tools.search.api_key` when the engine is
 * `tools.search.default_engine`. Undefined when something is missing.
 */
export function credentialsFor(
  engine: SearchEngine,
  { environment, config }: ToolHost,
): Credentials | undefined {
  const id = engine.idVariable === undefined ? '' : environment[engine.idVariable];
  if (id === undefined || (engine.idVariable !== undefined && id === '')) return undefined;
  if (engine.keyVariables.length === 0) return { key: '', id };
  const own = config.search?.default_engine === engine.name ? config.search.api_key : undefined;
  const key = engine.keyVariables.map((name) => environment[name]).find(Boolean) ?? own;
  return key ? { key, id } : undefined;
}

/** What is missing for an engine, in words. */
export function missingFor(engine: SearchEngine): string {
  const names = [engine.keyVariables.at(-1), engine.idVariable].filter(Boolean);
  return `not configured (${names.join(' and ')})`;
}
