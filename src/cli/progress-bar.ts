import type { JournalEvent } from '../core/events.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

const WIDTH = 24;
const LONGEST_MESSAGE = 60;
/** Back to the start of the line, which is then emptied. */
const CLEAR = '\r\u001b[K';

/**
 * The progress of running components as one line at the bottom of a terminal. It is taken away before anything else
 * is written and when the component ends; without a terminal there is none.
 */
export class ProgressBar {
  /** The terminal, to be written to by everybody else. */
  readonly terminal: Terminal;
  private shown = false;

  constructor(
    private readonly real: Terminal,
    private readonly quiet = false,
  ) {
    this.terminal = Object.create(real, {
      out: { value: this.clearingBefore('out') },
      err: { value: this.clearingBefore('err') },
    }) as Terminal;
  }

  /** Shows what an event says. */
  event(event: JournalEvent): void {
    if (event.type === 'component.progress' && !this.quiet && this.real.stderrIsTTY) this.show(event);
    if (event.type === 'component.finished') this.clear();
  }

  private show({ name, message, fraction }: Extract<JournalEvent, { type: 'component.progress' }>): void {
    const text = printable(message).slice(0, LONGEST_MESSAGE);
    this.real.err(`${CLEAR}${name} ${fraction === undefined ? '' : bar(fraction)}${text}`);
    this.shown = true;
  }

  private clear(): void {
    if (this.shown) this.real.err(CLEAR);
    this.shown = false;
  }

  private clearingBefore(stream: 'out' | 'err'): (text: string) => void {
    return (text) => {
      this.clear();
      this.real[stream](text);
    };
  }
}

function bar(fraction: number): string {
  const done = Math.round(fraction * WIDTH);
  return `[${'#'.repeat(done)}${'.'.repeat(WIDTH - done)}] ${String(Math.round(fraction * 100)).padStart(3)} % `;
}
