import type { ToolsConfig } from '../../../config/types.js';

/** Milliseconds a program may run unless the call or the configuration says otherwise. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** Bytes of each output that are kept unless the call or the configuration says otherwise. */
const DEFAULT_OUTPUT_BYTES = 1_048_576;
/** The most of each output that is kept where nothing is configured. */
const MOST_OUTPUT_BYTES = 20_000_000;

/** What one run of a program may take. */
export interface RunLimits {
  timeoutMs: number;
  outputBytes: number;
}

/** The limits of a run: what the call asks for, and never more than what is configured. */
export function runLimits(
  asked: { timeout_ms?: number | undefined; max_output_size?: number | undefined },
  system: ToolsConfig['system'],
): RunLimits {
  const { command_timeout_seconds: seconds, max_output_size: size } = system ?? {};
  const longest = seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1000;
  return {
    timeoutMs: Math.min(asked.timeout_ms ?? (seconds ? longest : DEFAULT_TIMEOUT_MS), longest),
    outputBytes: Math.min(asked.max_output_size ?? size ?? DEFAULT_OUTPUT_BYTES, size ?? MOST_OUTPUT_BYTES),
  };
}
