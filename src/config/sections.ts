import { fail } from '../core/errors.js';
import { closest } from '../core/schema.js';
import { DEFAULT_CONFIG } from './defaults.js';
import type { Config, ConfigSection } from './types.js';

/** The top-level keys, in the order of the schema. */
export function sectionNames(): ConfigSection[] {
  return Object.keys(DEFAULT_CONFIG) as ConfigSection[];
}

/**
 * The part of a configuration that `config show SECTION` shows: `{ [name]: … }`.
 * @throws `config.unknown_section` with the names there are.
 */
export function configSection(config: Config, name: string): Partial<Config> {
  const names: string[] = sectionNames();
  if (names.includes(name)) return { [name]: config[name as ConfigSection] };
  const near = closest(name, names);
  throw fail('config.unknown_section', `Unknown config section '${name}'. Available: ${names.join(', ')}`, {
    ...(near && { hint: `Did you mean '${near}'?` }),
    details: { name, available: names },
  });
}
