import type { Glob } from '../core/glob.js';

/** What the index needs to know of a subscription. */
export interface Indexed {
  readonly globs: readonly Glob[];
  /** Higher ones come first. */
  readonly priority: number;
  /** Position among the subscriptions of the bus; decides between equal priorities. */
  readonly order: number;
}

/** Names whose subscribers are remembered. */
const MAX_REMEMBERED = 4096;

/**
 * Finds who subscribes to a name. Exact names are looked up, patterns with a literal first word are looked up by it,
 * the others are tried one by one; the answer is remembered until the subscriptions change.
 */
export class SubscriptionIndex<S extends Indexed> {
  private readonly exact = new Map<string, Set<S>>();
  private readonly byFirstWord = new Map<string, Set<S>>();
  private readonly loose = new Set<S>();
  private readonly remembered = new Map<string, readonly S[]>();
  /** Subscriptions in the index. */
  size = 0;

  add(subscription: S): void {
    this.size++;
    for (const glob of subscription.globs) {
      const [map, key] = this.place(glob);
      if (!map) this.loose.add(subscription);
      else map.set(key, (map.get(key) ?? new Set()).add(subscription));
      this.forget(glob);
    }
  }

  remove(subscription: S): void {
    this.size--;
    for (const glob of subscription.globs) {
      const [map, key] = this.place(glob);
      const set = map ? map.get(key) : this.loose;
      set?.delete(subscription);
      if (map && set?.size === 0) map.delete(key);
      this.forget(glob);
    }
  }

  /** The subscriptions to a name, in the order in which they are served. */
  match(name: string): readonly S[] {
    const known = this.remembered.get(name);
    if (known) return known;
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    const found = this.find(name);
    this.remembered.set(name, found);
    return found;
  }

  private find(name: string): readonly S[] {
    const found = new Set(this.exact.get(name));
    for (const candidates of [this.byFirstWord.get(firstWord(name)), this.loose])
      for (const one of candidates ?? [])
        if (one.globs.some((glob) => glob.exact === undefined && glob.matches(name))) found.add(one);
    return [...found].sort((a, b) => b.priority - a.priority || a.order - b.order);
  }

  private place(glob: Glob): [Map<string, Set<S>> | undefined, string] {
    if (glob.exact !== undefined) return [this.exact, glob.exact];
    return glob.head.includes('.') ? [this.byFirstWord, firstWord(glob.head)] : [undefined, ''];
  }

  private forget(glob: Glob): void {
    if (glob.exact !== undefined) this.remembered.delete(glob.exact);
    else this.remembered.clear();
  }
}

/** The part of a name before its first dot. */
function firstWord(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
