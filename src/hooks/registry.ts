import { fail } from '../core/errors.js';
import type { HookPoint } from '../core/hook-points.js';
import type { HookRegistration, HookRegistry } from './contract.js';
import { type HookDefaults, HookEntry } from './entry.js';

/** Far more than any spell needs: handlers take memory of the kernel, which no limit of the script counts. */
const MAX_HOOKS = 10_000;

/** The handlers of one kernel session. */
export class Registry implements HookRegistry {
  private readonly entries = new Map<string, HookEntry>();
  /** For each point its handlers in the order in which they are called; replaced, never changed. */
  private readonly byPoint = new Map<HookPoint, readonly HookEntry[]>();

  constructor(
    private readonly newId: () => string,
    private readonly defaults: HookDefaults,
    private readonly changed: () => void = () => {},
  ) {}

  register(registration: HookRegistration): HookEntry {
    if (this.entries.size >= MAX_HOOKS)
      throw fail('limit.memory', `A session holds at most ${MAX_HOOKS} hooks`, {
        hint: 'Take away those that are no longer needed: handle:unregister().',
      });
    const entry = new HookEntry(this.newId(), registration, this.defaults, (gone) => this.forget(gone));
    this.entries.set(entry.id, entry);
    for (const point of entry.points) this.byPoint.set(point, ordered([...this.at(point), entry]));
    this.changed();
    return entry;
  }

  find(id: string): HookEntry | undefined {
    return this.entries.get(id);
  }

  /** The handler of that id. @throws `hook.not_found` */
  require(id: string): HookEntry {
    const entry = this.entries.get(id);
    if (entry) return entry;
    throw fail('hook.not_found', `There is no hook with the id '${id}'`, {
      hint: 'Hook.list() shows the hooks there are.',
    });
  }

  enable(id: string, enabled: boolean): void {
    const entry = this.require(id);
    entry.enabled = enabled;
    for (const point of entry.points) this.byPoint.set(point, ordered(this.all(point)));
    this.changed();
  }

  /** The enabled handlers of a point, in the order in which they are called. */
  at(point: HookPoint): readonly HookEntry[] {
    return this.byPoint.get(point) ?? NONE;
  }

  /** Every handler, or every one of a point, by priority. */
  all(point?: HookPoint): HookEntry[] {
    const entries = [...this.entries.values()];
    return byPriority(point === undefined ? entries : entries.filter(({ points }) => points.includes(point)));
  }

  /** Takes all handlers away. */
  clear(): void {
    for (const entry of [...this.entries.values()]) entry.unregister();
  }

  private forget(entry: HookEntry): void {
    this.entries.delete(entry.id);
    for (const point of entry.points) {
      const left = this.at(point).filter((other) => other !== entry);
      if (left.length > 0) this.byPoint.set(point, left);
      else this.byPoint.delete(point);
    }
    this.changed();
  }
}

const NONE: readonly HookEntry[] = [];

/** Entries come in the order of their registration, which sorting keeps among equals. */
function byPriority(entries: readonly HookEntry[]): HookEntry[] {
  return entries.toSorted((a, b) => a.priority - b.priority);
}

function ordered(entries: readonly HookEntry[]): readonly HookEntry[] {
  return byPriority(entries.filter(({ enabled }) => enabled));
}
