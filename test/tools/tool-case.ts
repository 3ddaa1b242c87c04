import type { ToolResult } from '../../src/tools/result.js';

/** What a case made before its call: paths, ports, whatever its input needs. */
export type Prepared = Readonly<Record<string, string | number>>;

/** One real use of a tool, on a file or a server made by another program. Run from Lua, the command line and an agent. */
export interface ToolCase {
  tool: string;
  /** Programs that make the material; without them the case is skipped and says so. */
  programs?: readonly string[];
  /**
   * Makes the material in `dir`, a fresh folder that the call may read and write.
   * Contract: what it starts is ended by `close`.
   */
  prepare?(dir: string): Promise<Prepared | undefined> | Prepared | undefined;
  input(dir: string, prepared: Prepared): Record<string, unknown>;
  /** Further grants as flags, e.g. `--allow-net=127.0.0.1:8080`. */
  flags?(dir: string, prepared: Prepared): string[];
  /** Variables of the process that runs the call. */
  env?(dir: string, prepared: Prepared): Record<string, string>;
  /** Checks what the tool gave; is called after each of the three uses. */
  check(result: ToolResult, dir: string, prepared: Prepared): void | Promise<void>;
  close?(prepared: Prepared): Promise<void> | void;
}

/** Declares a case; exists for its type. */
export function toolCase(definition: ToolCase): ToolCase {
  return definition;
}
