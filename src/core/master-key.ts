/**
 * Where the keys come from that lock stored data: a variable, a file, the keychain of the system.
 *
 * Contract: `read` resolves soon and asks nobody; it rejects with `keys.unavailable` when the source should have a
 * key and cannot give it. What it gives is never shown.
 */
export interface MasterKeySource {
  /** How people know it, e.g. `the variable LLMSPELL_STATE_KEY`. */
  readonly name: string;
  /** Keys (32 bytes as hexadecimal or base64) or passphrases, the newest first; none when nothing is set. */
  read(): Promise<readonly string[]>;
}
