import type { DatabaseConfig, ToolsConfig } from '../config/types.js';
import type { Environment } from '../security/environment.js';
import type { State } from '../state/state.js';

/** What a kernel lends its tools besides the context of a call. */
export interface ToolHost {
  /** `[tools]` of the configuration. */
  readonly config: ToolsConfig;
  /** Milliseconds one call may take, whatever the tool says of itself; no such limit when absent. */
  readonly maxCallMs?: number | undefined;
  /** `[databases]` of the configuration: connections by name. */
  readonly databases: Readonly<Record<string, DatabaseConfig>>;
  /**
   * The process's variables. For settings that the user addresses to llmspell itself (API keys, endpoints); what a
   * script asks to see goes through `security/environment`.
   */
  readonly environment: Environment;
  /** The tenant's state, opened when first asked for. */
  state(): Promise<State>;
}

/** A host with nothing configured and a state that ends with it, for samples and tests. */
export function bareHost(parts: Partial<ToolHost> = {}): ToolHost {
  let made: Promise<State> | undefined;
  const state = () => {
    made ??= memoryState();
    return made;
  };
  return { config: {}, databases: {}, environment: {}, state, ...parts };
}

async function memoryState(): Promise<State> {
  const [{ State: Values }, { memoryStore }] = await Promise.all([
    import('../state/state.js'),
    import('../storage/memory.js'),
  ]);
  return new Values(memoryStore());
}
