import { allowListeners } from '../core/context.js';
import { fail } from '../core/errors.js';
import { type BlobContent, pieces } from '../storage/blob-store.js';
import type { SessionLimits } from './expiry.js';
import type { SessionRecord } from './record.js';

/** Bytes that one more artifact may have, and whose limit that is. */
export interface ArtifactRoom {
  readonly bytes: number;
  readonly code: 'artifact.too_large' | 'artifact.quota';
}

/** What one more artifact of a session may have. */
export function roomFor({ settings, artifactBytes }: SessionRecord, limits: SessionLimits): ArtifactRoom {
  const left = (settings.maxArtifactBytes ?? limits.maxArtifactBytes) - artifactBytes;
  return left < limits.maxContentBytes
    ? { bytes: Math.max(0, left), code: 'artifact.quota' }
    : { bytes: limits.maxContentBytes, code: 'artifact.too_large' };
}

/**
 * Content that fails as soon as it is more than there is room for, so that a flood never fills the disk, and as soon
 * as the signal aborts, however long its source is silent.
 */
export async function* bounded(
  content: BlobContent,
  room: ArtifactRoom,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of untilAborted(pieces(content), signal)) {
    size += piece.length;
    if (size > room.bytes) throw tooLarge(room);
    yield piece;
  }
}

function tooLarge({ bytes, code }: ArtifactRoom): Error {
  return fail(code, `The artifact has more than the ${bytes} bytes that it may have`, {
    hint:
      code === 'artifact.quota'
        ? 'Delete artifacts of the session, or raise its max_artifact_bytes.'
        : 'Split it, or keep it in a file.',
    details: { limit: bytes },
  });
}

async function* untilAborted(
  content: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await nextUnlessAborted(content, signal);
      if (done) return;
      yield value;
    }
  } finally {
    // A source that waits for something cannot be ended; it is left alone, and ends when that comes.
    void content.return(undefined).catch(() => {});
  }
}

function nextUnlessAborted<T>(source: AsyncGenerator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    allowListeners(signal);
    signal.addEventListener('abort', stop, { once: true });
    const done = () => signal.removeEventListener('abort', stop);
    source.next().then(resolve, reject).finally(done);
  });
}

/** @throws `session.expired`, `session.illegal_transition` for a session that takes no artifacts now. */
export function requireActive({ id, status }: SessionRecord): void {
  if (status === 'active') return;
  const code = status === 'expired' ? 'session.expired' : 'session.illegal_transition';
  throw fail(code, `Cannot store artifacts in ${status} session`, {
    hint:
      status === 'suspended' || status === 'expired'
        ? 'Session.resume takes it up again.'
        : 'Make a new session.',
    details: { session: id, status },
  });
}

/** @throws `artifact.quota` */
export function checkCount({ artifacts, settings }: SessionRecord, limits: SessionLimits): void {
  const most = settings.maxArtifacts ?? limits.maxArtifacts;
  if (artifacts >= most)
    throw fail('artifact.quota', `The session has its ${most} artifacts already`, {
      hint: 'Delete some, or raise runtime.sessions.max_artifacts_per_session.',
    });
}

/** @throws `artifact.quota` */
export function checkBytes(
  { artifactBytes, settings }: SessionRecord,
  size: number,
  limits: SessionLimits,
): void {
  const most = settings.maxArtifactBytes ?? limits.maxArtifactBytes;
  if (artifactBytes + size > most)
    throw fail('artifact.quota', `The session's artifacts would have more than ${most} bytes`, {
      hint: 'Delete artifacts of the session, or raise its max_artifact_bytes.',
    });
}
