import { createHash } from 'node:crypto';
import type { ExecutionContext } from '../../../core/context.js';
import { isRecord, type JsonObject } from '../../../core/values.js';
import type { State } from '../../../state/state.js';

/** A page as it was at one visit. */
export interface Snapshot {
  url: string;
  /** Empty for the whole page. */
  selector: string;
  lines: string[];
  hash: string;
  /** Milliseconds since the epoch. */
  at: number;
  visits: Visit[];
}

/** What is remembered of older visits. */
export interface Visit {
  at: number;
  hash: string;
  changed: boolean;
  added: number;
  removed: number;
}

/** Visits that are remembered per page. */
export const MOST_VISITS = 50;
const SCOPE = 'tool:webpage-monitor';

/** What is kept between visits, by address and selector. */
export class Snapshots {
  constructor(
    private readonly state: State,
    private readonly context: ExecutionContext,
  ) {}

  /** The last visit; undefined for a page that was never seen, or whose record cannot be read. */
  async last(url: string, selector: string): Promise<Snapshot | undefined> {
    const value = await this.state.load(SCOPE, keyOf(url, selector), this.context);
    return isSnapshot(value) ? value : undefined;
  }

  /** Keeps a visit. */
  async keep(snapshot: Snapshot): Promise<void> {
    const visits = snapshot.visits.slice(-MOST_VISITS) as unknown as JsonObject[];
    await this.state.save(
      SCOPE,
      keyOf(snapshot.url, snapshot.selector),
      { ...snapshot, visits },
      this.context,
    );
  }

  /** Forgets a page; whether it was known. */
  forget(url: string, selector: string): Promise<boolean> {
    return this.state.delete(SCOPE, keyOf(url, selector), this.context);
  }

  /** Every page that is known. */
  async all(): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for (const key of await this.state.listKeys(SCOPE)) {
      const value = await this.state.load(SCOPE, key, this.context);
      if (isSnapshot(value)) found.push(value);
    }
    return found;
  }
}

/** The hash of a page's text. */
export function hashOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Addresses are longer than keys may be. */
function keyOf(url: string, selector: string): string {
  return createHash('sha256')
    .update(JSON.stringify([url, selector]))
    .digest('hex');
}

function isSnapshot(value: unknown): value is Snapshot {
  return isRecord(value) && typeof value.url === 'string' && Array.isArray(value.lines);
}
