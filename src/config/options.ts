import type { Config, ConfigIssue, DeepPartial, Origin } from './types.js';

/** Where settings may come from. */
export interface LoadOptions {
  /** Where the search for the project's file begins. */
  cwd: string;
  /** The user's home directory. */
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Used instead of the project's file; `LLMSPELL_CONFIG` does the same. The user's file still counts. */
  file?: string | undefined;
  /** A built-in profile, or several separated by commas, merged in that order. */
  profile?: string | undefined;
  /** Values of command-line flags; they win over everything. Taken to have the right types. */
  overrides?: DeepPartial<Config> | undefined;
}

/** The effective configuration and where it came from. */
export interface LoadedConfig {
  /** Frozen to its last leaf. */
  config: Config;
  /** The source of every leaf by its dotted path. A list is one leaf. */
  origins: ReadonlyMap<string, Origin>;
  /** The files that were read, weakest first. */
  files: string[];
  /** Unknown keys and variables. */
  warnings: ConfigIssue[];
}

/** The files that take part, weakest first. */
export interface ConfigFiles {
  user?: string;
  /** `directory` is absent when the file was named, not found. */
  project?: { path: string; directory?: string };
}
