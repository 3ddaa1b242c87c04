import type { ScriptValue } from '../core/values.js';
import type { ReplayModeName } from './modes.js';

/** A mode as an object, which scripts hold. */
export interface ReplayMode {
  readonly name: ReplayModeName;
}

/** A change that can be switched off. */
export class Modification {
  constructor(
    readonly path: string,
    readonly value: ScriptValue,
    public enabled: boolean,
  ) {}
}

/** What a replay is told, gathered step by step. */
export class ReplayConfig {
  compareResults = true;
  timeoutSeconds = 30;
  stopOnError = true;
  readonly modifications: Modification[] = [];

  constructor(readonly mode: ReplayMode) {}
}
