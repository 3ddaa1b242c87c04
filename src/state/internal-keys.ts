/**
 * Keys under which the state keeps what belongs to no entry. Names of entries hold no control characters, so
 * nothing a script writes can be one of these, and they sort before every entry.
 */
const MARK = '\u0001';

/** The internal keys. */
export const INTERNAL = {
  /** Makes passphrases give other keys in every store. */
  salt: `${MARK}salt`,
  /** The beginning of the index of times to live. */
  expiry: `${MARK}expiry/`,
  /** The version of the schema that the entries have, as text. */
  schemaVersion: `${MARK}schema`,
} as const;

/** Whether a key of the store is internal, not the name of an entry. */
export function isInternalKey(key: string): boolean {
  return key.startsWith(MARK);
}
