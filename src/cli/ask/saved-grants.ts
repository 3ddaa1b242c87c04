import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from '../../core/errors.js';
import { isRecord } from '../../core/values.js';
import { dataDirectory } from '../../kernel/paths.js';
import { type Grants, mergeGrants } from '../../security/grants.js';
import type { Terminal } from '../terminal.js';

/** What a person granted for good to one subject: a spell as it was then, a tool, or the sessions of a folder. */
export interface SavedGrant {
  grants: Partial<Grants>;
  /** Hash of the spell's code; another code is asked for anew. */
  hash?: string;
}

/** Whom grants were given to, e.g. `/srv/report.lua`, `tool:http-requester`, `folder:/srv`. */
export interface Subject {
  name: string;
  hash?: string | undefined;
}

/** The file of a user in which lasting answers are kept. */
export class SavedGrants {
  private readonly file: string;

  constructor({ env }: Pick<Terminal, 'env'>) {
    this.file = join(dataDirectory(env), 'grants.json');
  }

  /** Every subject with what it was granted. @throws `config.unreadable` */
  all(): Record<string, SavedGrant> {
    if (!existsSync(this.file)) return {};
    try {
      return savedGrants(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch (cause) {
      throw fail('config.unreadable', `${this.file} cannot be read: ${(cause as Error).message}`, {
        hint: 'Remove it; what was granted for good is then asked for again.',
        cause,
      });
    }
  }

  /** What a subject was granted, as it is now. */
  of({ name, hash }: Subject): Partial<Grants> {
    const all = this.all();
    const saved = Object.hasOwn(all, name) ? all[name] : undefined;
    return saved && saved.hash === hash ? saved.grants : {};
  }

  /** Adds to what a subject has; a spell that has changed since starts anew. */
  add(subject: Subject, grants: Partial<Grants>): void {
    const all = this.all();
    const merged = mergeGrants(this.of(subject), grants);
    all[subject.name] = { grants: merged, ...(subject.hash !== undefined && { hash: subject.hash }) };
    this.write(all);
  }

  /** Takes everything from a subject; whether there was anything. */
  revoke(name: string): boolean {
    const all = this.all();
    if (!Object.hasOwn(all, name)) return false;
    delete all[name];
    this.write(all);
    return true;
  }

  private write(all: Record<string, SavedGrant>): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const fresh = `${this.file}.${process.pid}`;
    writeFileSync(fresh, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, this.file);
  }
}

/** What is no list of grants grants nothing, and writing over it would lose what was meant. @throws `SyntaxError` */
function savedGrants(parsed: unknown): Record<string, SavedGrant> {
  const isList = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === 'string');
  const isGrant = (saved: unknown) =>
    isRecord(saved) && isRecord(saved.grants) && Object.values(saved.grants).every(isList);
  if (!isRecord(parsed) || !Object.values(parsed).every(isGrant))
    throw new SyntaxError('it does not hold a list of grants');
  return parsed as unknown as Record<string, SavedGrant>;
}
