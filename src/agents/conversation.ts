import type { ModelMessage } from '../providers/model.js';

/** A turn: the user's message, any tool exchanges, the answer. Turns are remembered and forgotten whole. */
export type Turn = readonly ModelMessage[];

/** What a conversation may hold. */
export interface ConversationLimits {
  /** Messages, the next user message included; 0 remembers nothing. */
  messages: number;
  bytes: number;
}

/**
 * What an agent remembers. Only finished turns enter, so a failed or cancelled execution leaves no trace and
 * overlapping executions never mix. An assistant message that calls tools is never separated from their
 * results, and what is sent always begins with a user's message.
 */
export class Conversation {
  private remembered: Turn[] = [];

  constructor(private readonly limits: ConversationLimits) {}

  /** The turns, oldest first. */
  get turns(): readonly Turn[] {
    return this.remembered;
  }

  /** Bytes of the remembered messages as JSON text. */
  get bytes(): number {
    return this.remembered.reduce((sum, turn) => sum + sizeOf(turn), 0);
  }

  /** The messages to send before a new user message. */
  window(): ModelMessage[] {
    return this.remembered.flat();
  }

  /** Remembers a finished turn and forgets the oldest ones that no longer fit. */
  add(turn: Turn): void {
    this.replace([...this.remembered, turn.filter(saysSomething)]);
  }

  /** Puts other turns in place of all that is remembered. */
  replace(turns: readonly Turn[]): void {
    this.remembered = newestThatFit(turns, this.limits);
  }

  /** Forgets everything. */
  clear(): void {
    this.remembered = [];
  }
}

/** Providers refuse messages without content; a model that had nothing to say leaves no answer. */
function saysSomething(message: ModelMessage): boolean {
  return message.role !== 'assistant' || message.text !== '' || (message.toolCalls?.length ?? 0) > 0;
}

function newestThatFit(turns: readonly Turn[], limits: ConversationLimits): Turn[] {
  const kept: Turn[] = [];
  let { bytes } = limits;
  let room = limits.messages - 1;
  for (const whole of turns.toReversed()) {
    const turn = kept.length === 0 && whole.length > room ? condensed(whole) : whole;
    bytes -= sizeOf(turn);
    room -= turn.length;
    if (room < 0 || bytes < 0) break;
    kept.unshift(turn);
  }
  return kept;
}

/** The newest turn alone may be longer than the window: question and answer remain, tool exchanges go. */
function condensed(turn: Turn): Turn {
  const last = turn.at(-1);
  return turn.length > 2 && last?.role === 'assistant' ? [turn[0]!, last] : turn;
}

function sizeOf(turn: Turn): number {
  return Buffer.byteLength(JSON.stringify(turn));
}
