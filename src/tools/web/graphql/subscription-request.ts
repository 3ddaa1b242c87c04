import type { JsonObject } from '../../../core/values.js';

/** What to subscribe to, and for how long. */
export interface Subscription {
  /** http or https. */
  url: URL;
  transport: 'sse' | 'websocket';
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** query, variables and operationName, as they are sent. */
  request: JsonObject;
  maxEvents: number;
  timeoutMs: number;
}
