import { redactSecrets } from '../core/redact.js';
import { originAt } from './layers.js';
import type { LoadedConfig } from './options.js';
import { getAt, parsePath } from './paths.js';
import { renderToml } from './render.js';
import { configSection } from './sections.js';
import type { FreeTable, Origin } from './types.js';

/** One leaf of the effective configuration. */
export interface OriginEntry {
  path: string;
  /** Secrets redacted. */
  value: unknown;
  origin: Origin;
}

/** Every value with its source, secrets redacted, sorted by path. */
export function originEntries(loaded: LoadedConfig, section?: string): OriginEntry[] {
  const shown = redactSecrets(pick(loaded, section));
  return [...loaded.origins]
    .map(([path, origin]) => ({ path, value: getAt(shown, parsePath(path)), origin }))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The effective configuration as TOML, secrets redacted, the source of each value in a comment behind it. */
export function renderWithOrigins(loaded: LoadedConfig, section?: string): string {
  return renderToml(redactSecrets(pick(loaded, section)), {
    comment: (path) => describeOrigin(originAt(loaded.origins, path)),
  });
}

/** A source in words, e.g. `project /home/me/llmspell.toml:4`. */
export function describeOrigin(origin: Origin | undefined): string {
  if (!origin) return 'default';
  return origin.where === undefined ? origin.kind : `${origin.kind} ${origin.where.replace(/\s+/g, ' ')}`;
}

function pick(loaded: LoadedConfig, section: string | undefined): FreeTable {
  return (section === undefined ? loaded.config : configSection(loaded.config, section)) as FreeTable;
}
