/** What a call watches and gives unless it says otherwise. */
export const DEFAULTS = {
  max_events: 1000,
  default_timeout: 300,
  default_debounce_ms: 100,
  max_paths: 100,
} as const;

/** The longest that one call watches, in seconds. */
export const MAX_TIMEOUT_SECONDS = 3600;
/** Events that one call collects at most. */
export const MAX_EVENTS = 10_000;
/** Folders that are watched, and files that a snapshot holds. */
export const MAX_FOLDERS = 10_000;
/** Files and folders that a snapshot holds. */
export const MAX_SNAPSHOT_ENTRIES = 50_000;
