import type { Config } from '../config/types.js';
import type { ExecutionContext } from '../core/context.js';
import type { TenantSessions } from '../globals/services.js';
import { Artifacts } from '../sessions/artifacts.js';
import type { SessionLimits } from '../sessions/expiry.js';
import { SessionStore } from '../sessions/session-store.js';
import { Sessions } from '../sessions/sessions.js';
import type { State } from '../state/state.js';
import { fileBlobs } from '../storage/blob-files.js';
import { memoryBlobs } from '../storage/blob-memory.js';
import type { BlobStore } from '../storage/blob-store.js';
import type { KeyValueStore } from '../storage/store.js';

type Settings = Config['runtime']['sessions'];

/** What sessions are opened with. */
export interface SessionRoomParts {
  readonly settings: Settings;
  /** Where the content of artifacts is kept. */
  readonly directory: string;
  now(): number;
  state(): Promise<State>;
}

/** The sessions and artifacts of one tenant. Nothing is read or made before it is needed. */
export function openSessions(
  view: KeyValueStore,
  parts: SessionRoomParts,
): TenantSessions & { readonly blobs: BlobStore } {
  const { settings, directory, now, state } = parts;
  const blobs =
    settings.storage_backend === 'memory'
      ? memoryBlobs(now)
      : fileBlobs({ directory, threshold: settings.artifact_compression_threshold, method: 'lz4', now });
  const store = new SessionStore(view);
  const limits = limitsOf(settings);
  const sessions: Sessions = new Sessions({
    store,
    limits,
    clearState: async (scope, context) => clearScope(await state(), scope, context),
    collect: (context) => artifacts.collect(context),
  });
  const artifacts = new Artifacts({ sessions, store, limits, blobs: async () => blobs });
  return { sessions, artifacts, blobs };
}

async function clearScope(state: State, scope: string, context: ExecutionContext): Promise<void> {
  for (const key of await state.listKeys(scope)) await state.delete(scope, key, context);
}

function limitsOf(settings: Settings): SessionLimits {
  return {
    maxActive: settings.max_sessions,
    maxArtifacts: settings.max_artifacts_per_session,
    maxArtifactBytes: settings.max_session_bytes,
    maxContentBytes: settings.max_artifact_bytes,
    timeoutSeconds: settings.session_timeout_seconds,
    maxDurationSeconds: settings.max_duration_seconds,
    autoSaveSeconds: settings.auto_save_seconds,
    retentionDays: settings.retention_days,
  };
}
