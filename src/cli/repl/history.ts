import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { dataDirectory } from '../../kernel/paths.js';
import type { Terminal } from '../terminal.js';

/** Entries that are kept. */
export const HISTORY_LIMIT = 10_000;
/** The history may hold what was pasted by mistake: nobody else reads it. */
const PRIVATE = { mode: 0o600 };

/** Where the history is kept unless `--history` names a file. */
export function historyFile({ env, home }: Pick<Terminal, 'env' | 'home'>): string {
  if (env.LLMSPELL_HOME) return resolve(env.LLMSPELL_HOME, 'history');
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'llmspell', 'history');
  if (process.platform === 'win32' || process.platform === 'darwin')
    return join(dataDirectory(env), 'history');
  return join(home, '.local', 'state', 'llmspell', 'history');
}

/**
 * What was entered, over many sessions. Each entry is appended to the file at once, as one line with `\n` for its
 * newlines and `\\` for its backslashes, so that a crash loses nothing and sessions at the same time keep each
 * other's entries.
 */
export class History {
  private entries: string[] = [];
  private writable = true;

  /** @param warn told once, in a sentence, when the file cannot be used. */
  constructor(
    private readonly path: string | undefined,
    private readonly warn: (message: string) => void,
  ) {
    this.guarded((path) => this.load(path));
  }

  /** A history that is kept nowhere. */
  static inMemory(): History {
    return new History(undefined, () => {});
  }

  /** The file it is kept in, if it is kept. */
  get file(): string | undefined {
    return this.writable ? this.path : undefined;
  }

  /** All entries, oldest first. */
  list(): readonly string[] {
    return this.entries;
  }

  /** A fresh copy in the order in which a line editor walks through it. */
  newestFirst(): string[] {
    return this.entries.toReversed();
  }

  /** Keeps an entry, unless it begins with a space, is blank, or repeats the one before. */
  add(entry: string): void {
    if (entry.trim() === '' || entry.startsWith(' ') || entry === this.entries.at(-1)) return;
    this.entries.push(entry);
    if (this.entries.length > HISTORY_LIMIT) this.entries.shift();
    this.guarded((path) => appendFileSync(path, `${escapeEntry(entry)}\n`, PRIVATE));
  }

  /** Forgets everything, in the file too. */
  clear(): void {
    this.entries = [];
    this.guarded((path) => writeFileSync(path, '', PRIVATE));
  }

  private load(path: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) return;
    const text = readText(path);
    if (text === undefined) return this.setAside(path);
    chmodSync(path, PRIVATE.mode);
    // The last line of a crashed write has no newline: the next entry must not join it.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
    this.entries = text.split('\n').filter(Boolean).map(unescapeEntry);
    if (this.entries.length > HISTORY_LIMIT) this.shorten(path);
  }

  /** Whoever reads the file meanwhile sees the old one or the new one, never a part. */
  private shorten(path: string): void {
    this.entries = this.entries.slice(-HISTORY_LIMIT);
    const draft = `${path}.${process.pid}.tmp`;
    writeFileSync(draft, this.entries.map((entry) => `${escapeEntry(entry)}\n`).join(''), PRIVATE);
    renameSync(draft, path);
  }

  private setAside(path: string): void {
    let backup = `${path}.corrupt.backup`;
    for (let number = 2; existsSync(backup); number++) backup = `${path}.corrupt.backup.${number}`;
    renameSync(path, backup);
    this.warn(`The history file ${path} is not text; it was renamed to ${backup}`);
  }

  /** A history that cannot be kept is no reason not to work. */
  private guarded(use: (path: string) => void): void {
    if (!this.writable || this.path === undefined) return;
    try {
      use(this.path);
    } catch (thrown) {
      this.writable = false;
      this.warn(`The history is not kept: ${(thrown as Error).message}`);
    }
  }
}

/** The file's text, or undefined when it is none. */
function readText(path: string): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return /[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text) ? undefined : text.replaceAll('\r\n', '\n');
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

/** Control characters would make the file look like none of text. */
function escapeEntry(entry: string): string {
  const text = entry.replace(/[\x00-\x08\x0b-\x1f]/g, '');
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function unescapeEntry(line: string): string {
  return line.replace(/\\([\\n])/g, (_, escaped) => (escaped === 'n' ? '\n' : '\\'));
}
