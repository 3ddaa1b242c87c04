import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { fail } from '../../core/errors.js';
import type { MasterKeySource } from '../../core/master-key.js';
import { type DataKey, dataKey, KeyRing, seal, unseal } from './key-ring.js';

const FORMAT = 1;
const SALT_BYTES = 16;
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

const stored = z.object({
  format: z.literal(FORMAT),
  salt: z.base64(),
  keys: z.record(z.string(), z.object({ master: z.string(), sealed: z.base64(), changedAt: z.number() })),
});
type Stored = z.output<typeof stored>;

/** What may be known of a key that is kept. */
export interface KeptKey {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly changedAt: number;
}

/**
 * Keys of providers in one file, each locked with a master key that is kept elsewhere. The file is replaced as a
 * whole, so that whoever reads it finds all of the old one or all of the new one.
 */
export class KeyFile {
  constructor(
    private readonly path: string,
    private readonly sources: readonly MasterKeySource[],
  ) {}

  /** Keeps a key under the name of a provider, in place of an earlier one. @throws `keys.unavailable`, `input.invalid` */
  async set(name: string, key: string, now: number): Promise<void> {
    if (!NAME.test(name))
      throw fail('input.invalid', `${JSON.stringify(name)} is no name of a provider`, {
        hint: 'Names have letters, digits, dots and dashes, at most 64.',
      });
    if (key.trim() === '') throw fail('input.invalid', 'The key is empty');
    const file = (await this.read()) ?? emptyFile();
    const { newest } = await this.ring(file);
    const sealed = seal(newest, Buffer.from(key.trim()), Buffer.from(name)).toString('base64');
    const entry = { master: newest.id.toString('hex'), sealed, changedAt: now };
    await this.write({ ...file, keys: { ...file.keys, [name]: entry } });
  }

  /** The names under which there are keys, sorted. @throws `keys.unavailable` */
  async list(): Promise<KeptKey[]> {
    const { keys = {} } = (await this.read()) ?? {};
    return Object.entries(keys)
      .map(([name, { changedAt }]) => ({ name, changedAt }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Forgets a key. @throws `keys.not_found`, `keys.unavailable` */
  async delete(name: string): Promise<void> {
    const file = await this.read();
    if (!file || !Object.hasOwn(file.keys, name)) throw notKept(name);
    const { [name]: _gone, ...keys } = file.keys;
    await this.write({ ...file, keys });
  }

  /** All keys by name. @throws `keys.unavailable` when one cannot be unlocked */
  async all(): Promise<ReadonlyMap<string, string>> {
    const file = await this.read();
    const found = new Map<string, string>();
    if (!file || Object.keys(file.keys).length === 0) return found;
    const ring = await this.ring(file);
    for (const [name, entry] of Object.entries(file.keys)) found.set(name, unlocked(name, entry, ring));
    return found;
  }

  private async ring({ salt }: Stored): Promise<KeyRing> {
    const texts = (await Promise.all(this.sources.map((source) => source.read()))).flat();
    const keys = await Promise.all(
      texts.map((text) => dataKey(text, async () => Buffer.from(salt, 'base64'))),
    );
    const [newest, ...older] = keys;
    if (newest) return new KeyRing([newest, ...older] as [DataKey, ...DataKey[]]);
    throw fail('keys.unavailable', 'Keys are kept encrypted, and there is no master key', {
      hint: `Set one: ${this.sources.map(({ name }) => name).join(', ')}. openssl rand -hex 32 makes one.`,
    });
  }

  private async read(): Promise<Stored | undefined> {
    const text = await readFile(this.path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw unusable(this.path, cause.message, cause);
    });
    if (text === undefined) return undefined;
    try {
      return stored.parse(JSON.parse(text));
    } catch (cause) {
      throw unusable(this.path, 'it is damaged', cause);
    }
  }

  private async write(file: Stored): Promise<void> {
    const temporary = `${this.path}.${process.pid}.writing`;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.path);
    } catch (cause) {
      await unlink(temporary).catch(() => undefined);
      throw unusable(this.path, (cause as Error).message, cause);
    }
  }
}

function emptyFile(): Stored {
  return { format: FORMAT, salt: randomBytes(SALT_BYTES).toString('base64'), keys: {} };
}

function unlocked(name: string, { master, sealed }: Stored['keys'][string], ring: KeyRing): string {
  const key = ring.find(Buffer.from(master, 'hex'));
  try {
    if (key) return unseal(key, Buffer.from(sealed, 'base64'), Buffer.from(name)).toString();
  } catch {
    throw fail('keys.unavailable', `The key kept for ${name} was altered`, { hint: 'Set it anew.' });
  }
  throw fail('keys.unavailable', `The key kept for ${name} is locked with another master key`, {
    hint: 'Set that master key, as an older one beside the present one, or set the key anew.',
  });
}

function notKept(name: string) {
  return fail('keys.not_found', `No key is kept for ${JSON.stringify(name)}`, {
    hint: 'See: llmspell keys list',
  });
}

function unusable(path: string, reason: string, cause: unknown) {
  return fail('keys.unavailable', `The key file ${path} cannot be used: ${reason}`, { cause });
}
