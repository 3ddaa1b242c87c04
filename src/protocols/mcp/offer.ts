import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JournalEvent } from '../../core/events.js';

/** One call of an MCP client, with what it may hear meanwhile. */
export interface OfferCall {
  args: Record<string, unknown>;
  /** Aborts when the client cancels or leaves. */
  signal: AbortSignal;
  /** Contract: is called in order for every event of the call's journal; must not throw. */
  onEvent(event: JournalEvent): void;
}

/** Something that MCP clients may call: one of the tools, or a spell. */
export interface Offer {
  readonly tool: Tool;
  /** Contract: settles soon after the signal aborts; what went wrong inside is a result with `isError`. */
  call(call: OfferCall): Promise<CallToolResult>;
}
