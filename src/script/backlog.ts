import type { FromIsolate } from './protocol.js';

/** Weight of messages that may be on their way before the script waits for them to be handled. */
export const MAX_BACKLOG = 2048;

const KILOBYTE_BITS = 10;

/**
 * How much a message counts against the backlog: one, and one more for each kilobyte of text. Messages that
 * somebody waits for count nothing; data of unknown size counts as much as is allowed.
 */
export function backlogWeight(message: FromIsolate): number {
  switch (message.t) {
    case 'output':
      return 1 + (message.text.length >> KILOBYTE_BITS);
    case 'log':
      return message.data === undefined ? 1 + (message.message.length >> KILOBYTE_BITS) : MAX_BACKLOG;
    case 'effect':
      return 1;
    default:
      return 0;
  }
}
