import { isOpen, type SessionRecord } from './record.js';

/** What the configuration says of all sessions. */
export interface SessionLimits {
  /** Sessions that may be active at once. */
  readonly maxActive: number;
  readonly maxArtifacts: number;
  /** Bytes of all artifacts of one session together. */
  readonly maxArtifactBytes: number;
  /** Bytes of one artifact. */
  readonly maxContentBytes: number;
  readonly timeoutSeconds: number;
  readonly maxDurationSeconds: number;
  readonly autoSaveSeconds: number;
  readonly retentionDays: number;
}

/** Why a session has expired at that moment, or nothing. Only what is active expires. */
export function expired(record: SessionRecord, limits: SessionLimits, now: number): string | undefined {
  if (record.status !== 'active') return undefined;
  const { settings, updatedAt, activeSince } = record;
  const { maxDurationSeconds = limits.maxDurationSeconds, timeoutSeconds = limits.timeoutSeconds } = settings;
  if (now - updatedAt > timeoutSeconds * 1000) return `nothing happened in it for ${timeoutSeconds} seconds`;
  if (now - activeSince > maxDurationSeconds * 1000)
    return `it was active for more than ${maxDurationSeconds} seconds`;
  return undefined;
}

/** Whether an ended session has been kept for long enough. */
export function outlived(record: SessionRecord, limits: SessionLimits, now: number): boolean {
  if (isOpen(record)) return false;
  const days = record.settings.retentionDays ?? limits.retentionDays;
  return now - (record.endedAt ?? record.updatedAt) > days * 86_400_000;
}

/** Whether it is time for the next checkpoint. */
export function isDue(
  { settings, savedAt, createdAt }: SessionRecord,
  limits: SessionLimits,
  now: number,
): boolean {
  const seconds = settings.autoSaveSeconds ?? limits.autoSaveSeconds;
  return seconds > 0 && now - (savedAt ?? createdAt) >= seconds * 1000;
}
