import { LlmspellError } from '../core/errors.js';
import { advise } from './advice.js';
import type { Variables } from './environment-registry.js';
import { assemble } from './implied.js';
import type { Layer } from './layers.js';
import { findProblems } from './resolve.js';
import { defaultLayer, fileLayer } from './sources.js';
import { schemaTree } from './tree.js';
import type { Config, ConfigIssue } from './types.js';
import { takeUnknownKeys } from './unknown-keys.js';

/** What is said about one file. The shape is stable; `config validate --output json` prints it. */
export interface ConfigReport {
  /** Whether there are no errors. */
  valid: boolean;
  path: string;
  warnings: ConfigIssue[];
  errors: ConfigIssue[];
}

/**
 * Checks one file by itself, over the defaults. Unknown keys are errors here, except where a table takes free keys and
 * the key merely looks misspelt. A file that is missing or no TOML gives a report too, never an exception.
 */
export async function validateConfigFile(
  path: string,
  options: { home: string; env: Variables },
): Promise<ConfigReport> {
  const layer = await readLayer(path, options.home);
  if ('code' in layer) return report(path, [layer], []);
  const { unknown, doubtful } = takeUnknownKeys(layer, schemaTree());
  const merged = assemble([defaultLayer(), layer]);
  const problems = findProblems(merged);
  // Advice reads the values as a valid configuration, so it waits until they are one.
  const advice = problems.length > 0 ? [] : advise(merged.values as unknown as Config, options.env);
  return report(path, [...problems, ...unknown], [...doubtful, ...advice]);
}

function report(path: string, errors: ConfigIssue[], warnings: ConfigIssue[]): ConfigReport {
  return { valid: errors.length === 0, path, warnings, errors };
}

async function readLayer(path: string, home: string): Promise<Layer | ConfigIssue> {
  try {
    return await fileLayer('project', path, home);
  } catch (error) {
    if (!(error instanceof LlmspellError)) throw error;
    const line = error.details?.line;
    const where = typeof line === 'number' ? `${path}:${line}:${error.details?.column}` : path;
    const code = error.code === 'config.syntax' ? 'syntax' : 'unreadable';
    return { code, path: '', message: error.message, where };
  }
}
