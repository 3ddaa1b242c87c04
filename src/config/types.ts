import type { z } from 'zod';
import type { database, server } from './schema/connections.js';
import type { javascriptEngine, luaEngine } from './schema/engines.js';
import type { providerEntry } from './schema/providers.js';
import type { SchemaOutput } from './schema.js';

/** A table whose content is somebody else's business. */
export type FreeTable = { [key: string]: unknown };

/** `[engines.lua]`. */
export type LuaEngineConfig = z.infer<typeof luaEngine>;
/** `[engines.javascript]`. */
export type JavaScriptEngineConfig = z.infer<typeof javascriptEngine>;
/** `[providers.NAME]`, defaults filled in. Keys outside the schema are options of the implementation. */
export type ProviderConfig = z.infer<typeof providerEntry>;

/** `[engines]`: the two built-in ones and free tables for others. */
export interface EnginesConfig {
  lua: LuaEngineConfig;
  javascript: JavaScriptEngineConfig;
  [other: string]: LuaEngineConfig | JavaScriptEngineConfig | FreeTable;
}

/** `[providers]`. Walk the tables with `providerEntries`; the one key that is no table is `default_provider`. */
export interface ProvidersConfig {
  default_provider?: string | undefined;
  [name: string]: ProviderConfig | string | undefined;
}

/** The effective configuration: keys as in TOML, every default filled in. */
export interface Config extends Omit<SchemaOutput, 'engines' | 'providers'> {
  engines: EnginesConfig;
  providers: ProvidersConfig;
}

/** `[tools]`, as a tool finds it: any part may be missing. */
export type ToolsConfig = DeepPartial<Config['tools']>;
/** `[databases.NAME]`. */
export type DatabaseConfig = z.infer<typeof database>;
/** `[mcp.servers.NAME]`. */
export type McpServerConfig = z.infer<typeof server>;

/** The top-level sections, e.g. `runtime`. */
export type ConfigSection = keyof Config;

/** Any part of `T`, at every depth; lists are whole. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

/** The layers, weakest first. */
export type OriginKind = 'default' | 'profile' | 'user' | 'project' | 'environment' | 'flag';

/** Where a value came from. */
export interface Origin {
  kind: OriginKind;
  /** `file:line`, the variable, or the name of the profile. */
  where?: string;
}

/** Kinds of findings about a configuration. Stable: programs branch on them. */
export type ConfigIssueCode =
  | 'unknown_key'
  | 'unknown_variable'
  | 'invalid_value'
  | 'syntax'
  | 'unreadable'
  | 'no_providers'
  | 'provider_disabled'
  | 'missing_credentials'
  | 'network_disabled'
  | 'implausible_value';

/** One finding about a configuration. */
export interface ConfigIssue {
  code: ConfigIssueCode;
  /** Dotted path of the key, or the name of the variable; empty when it is about the file as a whole. */
  path: string;
  /** One sentence, with the suggestion and the allowed values in it. Never holds a secret. */
  message: string;
  /** The key or word that was probably meant. */
  suggestion?: string;
  /** The words that are allowed, where only some are. */
  allowed?: string[];
  /** `file:line`, the variable, or the name of the profile. */
  where?: string;
}
