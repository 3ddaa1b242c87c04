import type { z } from 'zod';
import type { ExecutionContext } from './context.js';
import type { ComponentKind } from './events.js';

/** Something that can be invoked: a tool, an agent, a workflow. */
export interface Component<Input = unknown, Output = unknown> {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly description: string;
  /** Checks and completes the input; its JSON Schema is what models and MCP clients see. */
  readonly input: z.ZodType<Input>;
  /** Checks the output where the component promises a shape. */
  readonly output?: z.ZodType<Output> | undefined;
  /** Milliseconds after which a call is ended; no limit when absent. */
  readonly timeoutMs?: number | undefined;
  /**
   * Does the work.
   * Contract: stops within 100 ms of `context.signal`; leaves nothing running; throws `LlmspellError`s.
   */
  run(input: Input, context: ExecutionContext): Promise<Output>;
}
