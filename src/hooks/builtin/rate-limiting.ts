import { z } from 'zod';
import type { JsonObject } from '../../core/values.js';
import type { HookContext, HookHandler } from '../contract.js';
import { defineBuiltin } from './definition.js';

/** Buckets that are kept; the one used longest ago makes room. */
const MAX_BUCKETS = 1000;

const options = z.strictObject({
  strategy: z
    .enum(['global', 'per_component', 'per_tenant'])
    .default('global')
    .describe('What shares one bucket.'),
  capacity: z.number().min(1).default(100).describe('Calls that may come at once.'),
  refill_per_second: z.number().positive().default(10).describe('Calls that may follow each second.'),
  action: z.enum(['cancel', 'delay']).default('cancel').describe('What happens to a call too many.'),
  warning_threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('Share of the capacity in use from which on it is noted.'),
});
type Options = z.output<typeof options>;

/** A bucket of tokens, one for each call. */
class Bucket {
  private tokens: number;

  constructor(
    private readonly given: Options,
    private at: number,
  ) {
    this.tokens = given.capacity;
  }

  /** Takes a token; the milliseconds until there is one when there is none. */
  take(now: number): number {
    const gained = (Math.max(0, now - this.at) / 1000) * this.given.refill_per_second;
    this.tokens = Math.min(this.given.capacity, this.tokens + gained);
    this.at = now;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.given.refill_per_second) * 1000);
    this.tokens--;
    return 0;
  }

  get remaining(): number {
    return Math.floor(this.tokens);
  }
}

/** Lets only so many calls of tools and agents through. */
export default defineBuiltin({
  name: 'rate_limiting',
  doc: 'Lets only so many calls of tools and agents through a second; a call too many is refused or waits.',
  aliases: ['RateLimitHook', 'RateLimiter'],
  options,
  make: (given) => {
    const buckets = new Map<string, Bucket>();
    let refused = 0;
    const handler: HookHandler = async (seen, services) => {
      const { effects, signal } = services.context;
      const bucket = bucketOf(buckets, keyOf(seen, given), given, effects.now());
      for (;;) {
        const waitMs = bucket.take(effects.now());
        note(seen.metadata, bucket, given, waitMs);
        if (waitMs === 0) return { kind: 'continue' };
        if (given.action === 'cancel') {
          refused++;
          return { kind: 'cancel', reason: `Rate limit exceeded; again in ${waitMs} ms` };
        }
        const go = services.hold();
        await effects.sleep(waitMs, signal).finally(go);
      }
    };
    const points = ['BeforeToolExecution', 'BeforeAgentExecution'] as const;
    return {
      registrations: [{ points, priority: 'highest', handler, breaker: false }],
      report: (): JsonObject => ({
        refused,
        remaining: Object.fromEntries([...buckets].map(([key, { remaining }]) => [key, remaining])),
      }),
    };
  },
});

function keyOf({ component_id: { type, name }, parent_context }: HookContext, { strategy }: Options): string {
  if (strategy === 'global') return 'all';
  return strategy === 'per_tenant' ? parent_context.tenant : `${type.toLowerCase()}:${name}`;
}

function bucketOf(buckets: Map<string, Bucket>, key: string, given: Options, now: number): Bucket {
  const bucket = buckets.get(key) ?? new Bucket(given, now);
  buckets.delete(key);
  if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value!);
  buckets.set(key, bucket);
  return bucket;
}

function note(metadata: Record<string, string>, bucket: Bucket, given: Options, waitMs: number): void {
  metadata['X-RateLimit-Limit'] = String(given.capacity);
  metadata['X-RateLimit-Remaining'] = String(bucket.remaining);
  if (waitMs > 0) metadata['X-RateLimit-Retry-After'] = String(Math.ceil(waitMs / 1000));
  if (1 - bucket.remaining / given.capacity >= given.warning_threshold)
    metadata['X-RateLimit-Warning'] = 'true';
}
