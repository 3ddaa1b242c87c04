/** The commit that a build was made from. */
export interface BuildCommit {
  commit: string;
  /** ISO 8601. */
  date: string;
  branch: string;
  /** The working tree held changes that are not part of the commit. */
  dirty: boolean;
}

/** Set by the bundler; absent when running from source, null when the build knew no commit. */
declare const __LLMSPELL_COMMIT__: BuildCommit | null | undefined;

/** The commit that this program was built from, where the build could tell. */
export function buildCommit(): BuildCommit | undefined {
  return typeof __LLMSPELL_COMMIT__ === 'undefined' ? undefined : (__LLMSPELL_COMMIT__ ?? undefined);
}
