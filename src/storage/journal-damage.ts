import { isEvent, parseLine } from './journal-line.js';
import type { JournalDamage } from './journal-store.js';

/** Characters of a damaged line that are shown. */
const SHOWN = 80;

/**
 * What is wrong with the lines of a segment: those that cannot be read, and events that are missing between others of
 * their run. A last line without its end is none: its writer died over it.
 * @param lines complete lines, in order.
 */
export async function* damageOf(
  segment: string,
  lines: AsyncIterable<string>,
): AsyncGenerator<JournalDamage> {
  const seen = new Map<string, number>();
  let number = 0;
  for await (const text of lines) {
    const place = { segment, line: ++number };
    const line = parseLine(text);
    if (!line) yield { ...place, problem: `cannot be read: ${JSON.stringify(text.slice(0, SHOWN))}` };
    else if (isEvent(line)) {
      const before = seen.get(line.run) ?? 0;
      seen.set(line.run, line.seq);
      if (line.seq !== before + 1)
        yield { ...place, problem: `event ${before + 1} of ${line.run} is missing before event ${line.seq}` };
    }
  }
}
