/** What happened to a file or folder. */
export type WatchEventType = 'Create' | 'Modify' | 'Delete' | 'Rename';

/** One change. */
export interface WatchEvent {
  event_type: WatchEventType;
  path: string;
  /** Where it was before it was renamed; null for all else. */
  old_path: string | null;
  kind: 'file' | 'directory';
  /** ISO 8601. */
  timestamp: string;
}

/** A change as it is reported, with what tells the same file at another place. */
export interface RawEvent {
  type: Exclude<WatchEventType, 'Rename'>;
  path: string;
  kind: WatchEvent['kind'];
  atMs: number;
  /** Equal for one and the same file whatever its name; absent when it is not known. */
  identity?: string | undefined;
}

/** Changes in the order they came; several of one path within a short time are one. */
export class EventLog {
  private readonly events: RawEvent[] = [];
  private readonly latest = new Map<string, RawEvent>();

  constructor(private readonly debounceMs: number) {}

  get size(): number {
    return this.events.length;
  }

  /** Adds a change. Whether it is one of its own. */
  add(event: RawEvent): boolean {
    const before = this.latest.get(event.path);
    const close = before !== undefined && event.atMs - before.atMs <= this.debounceMs;
    // What was just made is also written to, and written to again.
    const same =
      close && (before.type === event.type || (before.type === 'Create' && event.type === 'Modify'));
    if (same) {
      before.atMs = event.atMs;
      return false;
    }
    this.events.push(event);
    this.latest.set(event.path, event);
    return true;
  }

  /** What happened, with a file that went from one place and came to another as one change. */
  result(): WatchEvent[] {
    return withRenames(this.events);
  }
}

/** The events as they are given back; a Delete and a Create of one identity become a Rename. */
export function withRenames(events: readonly RawEvent[]): WatchEvent[] {
  const gone = new Map<string, RawEvent>();
  for (const event of events)
    if (event.type === 'Delete' && event.identity !== undefined) gone.set(event.identity, event);
  const sources = new Map<RawEvent, RawEvent>();
  for (const event of events) {
    const source = event.type === 'Create' && event.identity !== undefined && gone.get(event.identity);
    if (!source || source.path === event.path) continue;
    sources.set(event, source);
    gone.delete(event.identity!);
  }
  const renamed = new Set(sources.values());
  return events.filter((event) => !renamed.has(event)).map((event) => described(event, sources.get(event)));
}

function described({ type, path, kind, atMs }: RawEvent, source: RawEvent | undefined): WatchEvent {
  return {
    event_type: source ? 'Rename' : type,
    path,
    old_path: source?.path ?? null,
    kind,
    timestamp: new Date(atMs).toISOString(),
  };
}
