import path from 'node:path';
import { DEFAULT_CONFIG } from './defaults.js';
import { hasConfigVariables } from './environment-registry.js';
import { findProjectFile, findUserFile, userFileCandidates } from './files.js';
import { deepFreeze } from './freeze.js';
import { assemble } from './implied.js';
import { mergeLayers } from './layers.js';
import type { ConfigFiles, LoadedConfig, LoadOptions } from './options.js';
import { defaultLayer, flagLayer } from './sources.js';
import type { Config } from './types.js';

/**
 * Loads the configuration: flag > environment > project file > user file > profile > default.
 * With nothing but defaults and flags it loads neither the schema nor the TOML parser.
 * @throws `config.not_found`, `config.unreadable`, `config.syntax`, `config.invalid`, `config.unknown_profile`.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const files = findFiles(options);
  if (options.profile || files.user || files.project || hasConfigVariables(options.env)) {
    const { resolveConfig } = await import('./resolve.js');
    return resolveConfig(options, files);
  }
  if (Object.keys(options.overrides ?? {}).length === 0) return unconfigured();
  const merged = assemble([defaultLayer(), flagLayer(options.overrides)]);
  const config = deepFreeze(merged.values) as unknown as Config;
  return { config, origins: merged.origins, files: [], warnings: [] };
}

/** Every value is a default; the list that says so is only made for those who ask. */
function unconfigured(): LoadedConfig {
  return {
    config: DEFAULT_CONFIG,
    get origins() {
      return mergeLayers([defaultLayer()]).origins;
    },
    files: [],
    warnings: [],
  };
}

function findFiles({ cwd, home, env, file }: LoadOptions): ConfigFiles {
  const files: ConfigFiles = {};
  const user = findUserFile(home, env);
  if (user) files.user = user;
  const named = file || env.LLMSPELL_CONFIG;
  const project = named
    ? { path: path.resolve(cwd, named) }
    : findProjectFile(cwd, userFileCandidates(home, env));
  if (project) files.project = project;
  return files;
}
