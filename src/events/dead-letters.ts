import type { DeadLetter } from './event.js';
import { weightOf } from './weight.js';

/** Bytes that the letters of one bus may take. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The newest events that did not reach a subscriber. */
export class DeadLetters {
  private readonly letters = new Map<string, DeadLetter>();
  private bytes = 0;

  constructor(private readonly most: number) {}

  add(letter: DeadLetter): void {
    this.letters.set(letter.id, letter);
    this.bytes += weightOf(letter.event);
    for (const id of this.letters.keys()) {
      if (this.letters.size <= this.most && this.bytes <= MAX_BYTES) return;
      this.take(id);
    }
  }

  /** Removes a letter and gives it. */
  take(id: string): DeadLetter | undefined {
    const letter = this.letters.get(id);
    if (letter && this.letters.delete(id)) this.bytes -= weightOf(letter.event);
    return letter;
  }

  /** A letter by its id. */
  get(id: string): DeadLetter | undefined {
    return this.letters.get(id);
  }

  /** The letters of one session, oldest first. */
  of(session: string): DeadLetter[] {
    return [...this.letters.values()].filter((letter) => letter.session === session);
  }

  get size(): number {
    return this.letters.size;
  }
}
