import type { Recording } from './recording.js';
import type { Entry } from './recording-lines.js';

/** A call or callback of a recording, with what happened inside it. */
export interface Crossing {
  readonly id: number;
  readonly entry: Extract<Entry, { t: 'call' | 'callback' }>;
  /** Its place among the entries. */
  readonly at: number;
  /** How many others it stands in. */
  readonly depth: number;
  /** How it ended; absent when the recording does not come to that. */
  end?: Extract<Entry, { t: 'result' }>;
  /** Paths of the components that began in it, where it stands in no other. */
  readonly steps: string[];
  /** Whether other crossings stand in it. */
  isAround: boolean;
}

/** The calls and callbacks of a recording, in order. */
export function crossingsOf({ entries, steps }: Recording): Crossing[] {
  const all = new Map<number, Crossing>();
  const open: Crossing[] = [];
  entries.forEach((entry, at) => {
    if (entry.t === 'call' || entry.t === 'callback') {
      if (open.length > 0) open.at(-1)!.isAround = true;
      const begun = { id: entry.id, entry, at, depth: open.length, steps: [], isAround: false };
      all.set(entry.id, begun);
      open.push(begun);
    } else if (entry.t === 'result') close(all.get(entry.id), entry, open);
  });
  for (const { id, path } of steps) all.get(id)?.steps.push(path);
  return [...all.values()];
}

function close(crossing: Crossing | undefined, end: Extract<Entry, { t: 'result' }>, open: Crossing[]): void {
  if (!crossing) return;
  crossing.end = end;
  open.splice(open.indexOf(crossing), 1);
}
