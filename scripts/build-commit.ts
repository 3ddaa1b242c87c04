import { execFileSync } from 'node:child_process';
import type { BuildCommit } from '../src/cli/build.js';

/** The commit of the working tree, for `llmspell version`; null outside a repository or without git. */
export function currentCommit(): BuildCommit | null {
  try {
    const [commit = '', date = ''] = git('log', '-1', '--format=%H%n%cI').split('\n');
    if (commit === '') return null;
    const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
    return {
      commit,
      date,
      branch,
      dirty: git('--no-optional-locks', 'status', '--porcelain', '--untracked-files=no') !== '',
    };
  } catch {
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
