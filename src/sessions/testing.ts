import { type TestContextOptions, testContext } from '../core/testing.js';
import { memoryBlobs } from '../storage/blob-memory.js';
import type { BlobStore } from '../storage/blob-store.js';
import { memoryStore } from '../storage/memory.js';
import type { KeyValueStore } from '../storage/store.js';
import { Artifacts } from './artifacts.js';
import type { SessionLimits } from './expiry.js';
import { SessionStore } from './session-store.js';
import { Sessions } from './sessions.js';

/** Sessions in memory, with a clock that stands still until somebody moves it. */
export function testSessions(
  limits: Partial<SessionLimits> = {},
  options: TestContextOptions = {},
  store: KeyValueStore = memoryStore(),
  given?: BlobStore,
) {
  const clock = { now: 1_700_000_000_000 };
  const blobs = given ?? memoryBlobs(() => clock.now);
  const all: SessionLimits = {
    maxActive: 100,
    maxArtifacts: 10,
    maxArtifactBytes: 1_000_000,
    maxContentBytes: 100_000,
    timeoutSeconds: 3600,
    maxDurationSeconds: 86_400,
    autoSaveSeconds: 300,
    retentionDays: 30,
    ...limits,
  };
  const cleared: string[] = [];
  const sessionStore = new SessionStore(store);
  const sessions: Sessions = new Sessions({
    store: sessionStore,
    limits: all,
    clearState: async (scope) => void cleared.push(scope),
    collect: (context) => artifacts.collect(context),
  });
  const artifacts = new Artifacts({ sessions, store: sessionStore, limits: all, blobs: async () => blobs });
  const { context, events } = testContext({
    ...options,
    effects: { now: () => clock.now, ...options.effects },
  });
  /** The names of what happened to sessions and artifacts, in order. */
  const changes = () =>
    events.flatMap((event) =>
      event.type === 'session.changed' || event.type === 'artifact.changed' ? [event.change] : [],
    );
  return { sessions, artifacts, blobs, context, events, changes, clock, cleared, store };
}
