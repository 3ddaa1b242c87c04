import { resolve } from 'node:path';
import type { Config } from '../config/types.js';
import type { MasterKeySource } from '../core/master-key.js';
import { environmentKeys, fileKeys, keychainKeys } from '../state/encryption/key-sources.js';
import { State } from '../state/state.js';
import type { KeyValueStore } from '../storage/store.js';

/** What state is opened with. */
export interface StateParts {
  readonly config: Config;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** Where keys come from in place of what the configuration says. */
  readonly keySources?: readonly MasterKeySource[] | undefined;
}

/** The state in a store, as the configuration wants it; what has expired meanwhile is removed. @throws `storage.*` */
export async function openState(store: KeyValueStore, parts: StateParts): Promise<State> {
  const { state_persistence: settings } = parts.config.runtime;
  const { compression, redaction, encryption } = settings;
  const sources = parts.keySources ?? keySources(parts);
  const state = new State(store, {
    maxValueBytes: settings.max_state_size_bytes,
    compression: compression.enabled && {
      thresholdBytes: compression.threshold_bytes,
      method: compression.method,
    },
    encryption: { all: encryption.enabled, sources },
    redaction: {
      hash: redaction.hash,
      fieldNames: redaction.field_names,
      patterns: redaction.patterns.map((source) => new RegExp(source, 'g')),
    },
    now: parts.now,
  });
  await state.sweep();
  return state;
}

/** Where the configuration says that keys come from. */
export function keySources({
  config,
  cwd,
  environment,
}: Pick<StateParts, 'config' | 'cwd' | 'environment'>): MasterKeySource[] {
  const { key_env, key_file, keychain } = config.runtime.state_persistence.encryption;
  return [
    environmentKeys(key_env, environment),
    ...(key_file === undefined ? [] : [fileKeys(resolve(cwd, key_file))]),
    ...(keychain ? [keychainKeys(environment)] : []),
  ];
}
