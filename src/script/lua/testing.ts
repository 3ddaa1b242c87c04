import type { IsolateOptions } from '../isolate-handle.js';
import { type Answer, type Harness, startIsolate } from '../testing.js';

export type { Answer, Harness } from '../testing.js';

/** Starts a Lua isolate that ends with the test. Without an answer, `Tool.execute` gives back its second argument. */
export function start(answer?: Answer, options?: Partial<IsolateOptions>): Harness {
  return startIsolate('lua', answer, options);
}
