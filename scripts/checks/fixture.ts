import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Check, Report } from './report.js';

/** A small project made for a test: file name → text. */
export type Tree = Readonly<Record<string, string>>;

/** What a check says of a project that consists of `tree`, all of it tracked; the project is removed again. */
export function checkTree(check: Check, tree: Tree): Report {
  const root = mkdtempSync(join(tmpdir(), 'llmspell-'));
  try {
    for (const [name, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['add', '-A', '-f'], { cwd: root });
    return check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
