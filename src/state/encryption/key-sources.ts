import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fail } from '../../core/errors.js';
import type { MasterKeySource } from '../../core/master-key.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds the system's keychain may take; it may not ask anybody. */
const KEYCHAIN_MS = 10_000;

/** The key in the variable `name`, and older ones, one a line, in `<name>_PREVIOUS`. */
export function environmentKeys(name: string, environment: Environment): MasterKeySource {
  return {
    name: `the variable ${name}`,
    read: async () => {
      const older = environment[`${name}_PREVIOUS`]?.split(/\r?\n/) ?? [];
      return [environment[name], ...older].flatMap((text) => text?.trim() || []);
    },
  };
}

/** Keys in a file, one a line, the newest first; empty lines and lines that begin with `#` count for nothing. */
export function fileKeys(path: string): MasterKeySource {
  const name = `the key file ${path}`;
  return {
    name,
    read: async () => {
      const text = await readFile(path, 'utf8').catch((cause: Error) => {
        throw unavailable(name, cause, 'Check runtime.state_persistence.encryption.key_file.');
      });
      const lines = text.split(/\r?\n/).map((line) => line.trim());
      const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
      if (keys.length === 0) throw unavailable(name, new Error('it holds no key'), 'Write one key a line.');
      return keys;
    },
  };
}

/** What the system's keychain is asked with, by platform: service `llmspell`, account `state`. */
const KEYCHAIN_COMMANDS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['security', 'find-generic-password', '-s', 'llmspell', '-a', 'state', '-w'],
  linux: ['secret-tool', 'lookup', 'service', 'llmspell', 'account', 'state'],
};

/** The key that the system's keychain keeps: the login keychain of macOS, the Secret Service of Linux. */
export function keychainKeys(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): MasterKeySource {
  const name = "the system's keychain";
  return {
    name,
    read: async () => {
      const command = KEYCHAIN_COMMANDS[platform];
      if (!command) throw unavailable(name, new Error(`none is known on ${platform}`), 'Use a key file.');
      const text = (await output(name, command, environment)).trim();
      if (text === '') throw unavailable(name, new Error('it has no such entry'), howToStore(platform));
      return text.split(/\s+/);
    },
  };
}

function howToStore(platform: NodeJS.Platform): string {
  return platform === 'darwin'
    ? 'Store one: security add-generic-password -s llmspell -a state -w'
    : 'Store one: secret-tool store --label llmspell service llmspell account state';
}

function output(name: string, [program, ...args]: readonly [string, ...string[]], env: Environment) {
  return new Promise<string>((resolve, reject) => {
    const done = (error: Error | null, stdout: string) => {
      if (error) reject(unavailable(name, error, 'Unlock it, or use a key file.'));
      else resolve(stdout);
    };
    execFile(program, args, { env: { ...env }, timeout: KEYCHAIN_MS, encoding: 'utf8' }, done);
  });
}

/** The reason's first line: what a program was called with is nobody's business. */
function unavailable(name: string, cause: Error, hint: string) {
  const reason = cause.message.split('\n')[0]!;
  return fail('keys.unavailable', `No key for state comes from ${name}: ${reason}`, { hint });
}
