import { fail, type LlmspellError } from '../core/errors.js';
import { checkValues } from './check.js';
import { readEnvironment, readWellKnownKeys } from './environment.js';
import { deepFreeze } from './freeze.js';
import { assemble } from './implied.js';
import { type Layer, type Merged, mergeLayers } from './layers.js';
import type { ConfigFiles, LoadedConfig, LoadOptions } from './options.js';
import { ownValue } from './paths.js';
import { checkRules } from './rules.js';
import { defaultLayer, fileLayers, flagLayer, profileLayers } from './sources.js';
import { schemaTree } from './tree.js';
import type { Config, ConfigIssue } from './types.js';
import { takeUnknownKeys } from './unknown-keys.js';

const SHOWN_PROBLEMS = 5;

/**
 * The thorough way of loading: reads every source, checks the result against the schema.
 * @throws as `loadConfig` does.
 */
export async function resolveConfig(options: LoadOptions, files: ConfigFiles): Promise<LoadedConfig> {
  const tree = schemaTree();
  const profiles = options.profile ? await profileLayers(options.profile, options.home) : [];
  const written = [...profiles, ...(await fileLayers(files, options))];
  const unknown = written.map((layer) => takeUnknownKeys(layer, tree));
  const flags = flagLayer(options.overrides);

  const environment = readEnvironment(options.env, tree, configuredProviders([...written, flags]));
  const wellKnown = readWellKnownKeys(
    options.env,
    mergeLayers([...written, environment.layer, flags]).values,
  );
  const merged = assemble([defaultLayer(), ...written, wellKnown, environment.layer, flags]);

  const problems = findProblems(merged);
  if (problems.length > 0) throw invalidConfig(problems);
  return {
    config: deepFreeze(merged.values) as unknown as Config,
    origins: merged.origins,
    files: [files.user, files.project?.path].filter((file) => file !== undefined),
    warnings: [...unknown.flatMap((keys) => [...keys.unknown, ...keys.doubtful]), ...environment.warnings],
  };
}

function configuredProviders(layers: readonly Layer[]): string[] {
  return Object.keys(ownValue(mergeLayers(layers).values, 'providers') ?? {});
}

/** Everything that makes the merged values unusable. Where a rule explains a key, the schema's complaint is left out. */
export function findProblems(merged: Merged): ConfigIssue[] {
  const rules = checkRules(merged);
  const explained = new Set(rules.map((issue) => issue.path));
  return [...checkValues(merged).filter((issue) => !explained.has(issue.path)), ...rules];
}

function invalidConfig(problems: ConfigIssue[]): LlmspellError {
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  const lines = shown.map(({ message, where }) => (where ? `${message} (${where})` : message));
  const more = problems.length - shown.length;
  if (more > 0) lines.push(`and ${more} more`);
  return fail('config.invalid', `Invalid configuration: ${lines.join('; ')}`, {
    hint: 'Correct the value where it is set; docs/configuration.md lists every key with its type and default.',
    details: { path: problems[0]!.path, issues: problems },
  });
}
