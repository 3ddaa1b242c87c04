import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LoadOptions } from './options.js';

/** A directory with a home and a project in it, for tests; removed on disposal. */
export class TestPlace implements Disposable {
  readonly root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'llmspell-')));
  readonly home = path.join(this.root, 'home');
  readonly cwd = path.join(this.root, 'project');

  constructor() {
    mkdirSync(this.home);
    mkdirSync(this.cwd);
  }

  /** Writes a file below the root and returns its path. */
  write(name: string, text: string | Uint8Array): string {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Options that look nowhere but here. */
  options(more: Partial<LoadOptions> = {}): LoadOptions {
    return { cwd: this.cwd, home: this.home, env: {}, ...more };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
