import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { isRecord, setOwn } from '../../../core/values.js';
import type { ToolHost } from '../../host.js';

/** A variable of a profile. */
export interface Variable {
  value: string;
  /** Whether it shows only when it is asked for and granted. */
  secret: boolean;
}

/** Variables under one name. They are never variables of the process. */
export type Profile = Map<string, Variable>;

/** Where a profile lives: as long as the session, or in the tenant's state, which keeps no secrets. */
export type ProfileScope = 'session' | 'saved';

/** The tool under whose name saved profiles are stored. */
const OWNER = 'environment-manager';
const KEY_PREFIX = 'profile:';
const MOST_PROFILES = 100;
const MOST_VARIABLES = 1000;
const MOST_VALUE_CHARACTERS = 32_768;

/** Each session has a host of its own, so what is kept for a host goes with its session. */
const sessions = new WeakMap<ToolHost, Map<string, Profile>>();

/** A copy of a profile; empty when there is none of that name. */
export async function loadProfile(
  name: string,
  scope: ProfileScope,
  host: ToolHost,
  context: ExecutionContext,
): Promise<Profile> {
  return new Map((await stored(checkName(name), scope, host, context)) ?? []);
}

/** The profile that a program is to get: the session's, else the saved one. @throws `input.invalid` when there is none */
export async function findProfile(name: string, host: ToolHost, context: ExecutionContext): Promise<Profile> {
  const found = sessions.get(host)?.get(checkName(name)) ?? (await savedIfAny(name, host, context));
  if (found) return found;
  throw fail('input.invalid', `There is no environment profile '${name}'`, {
    hint: 'Make it with the environment-manager: operation set or load.',
  });
}

/** Replaces a profile; an empty one is removed. @throws `input.invalid` beyond the limits, and for secrets in a saved one */
export async function storeProfile(
  name: string,
  scope: ProfileScope,
  profile: Profile,
  host: ToolHost,
  context: ExecutionContext,
): Promise<void> {
  checkName(name);
  checkSize(profile);
  if (scope === 'session') return storeInSession(name, profile, host);
  const secret = [...profile].find(([, variable]) => variable.secret)?.[0];
  if (secret !== undefined)
    throw fail('input.invalid', `'${secret}' looks like a secret; a saved profile keeps none`, {
      hint: 'Keep it in the session (scope session), or say secret = false if it is none.',
    });
  const state = await host.state();
  const key = KEY_PREFIX + name;
  if (profile.size === 0) await state.delete(`tool:${OWNER}`, key, context);
  else await state.toolSet(OWNER, key, toRecord(profile), context);
}

/** The names of all profiles of a scope, sorted. */
export async function profileNames(scope: ProfileScope, host: ToolHost): Promise<string[]> {
  if (scope === 'session') return [...(sessions.get(host)?.keys() ?? [])].sort();
  const keys = await (await host.state()).listKeys(`tool:${OWNER}`);
  return keys.filter((key) => key.startsWith(KEY_PREFIX)).map((key) => key.slice(KEY_PREFIX.length));
}

/** The name of a variable, if it can be one. @throws `input.invalid` */
export function checkVariable(name: string, value: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(name))
    throw fail('input.invalid', `${JSON.stringify(name.slice(0, 80))} is not the name of a variable`, {
      hint: 'A name begins with a letter or _ and holds letters, digits, _, . and -.',
    });
  if (value.includes('\0')) throw fail('input.invalid', `The value of '${name}' contains a NUL byte`);
  if (value.length > MOST_VALUE_CHARACTERS)
    throw fail('input.invalid', `The value of '${name}' is longer than ${MOST_VALUE_CHARACTERS} characters`);
}

async function stored(
  name: string,
  scope: ProfileScope,
  host: ToolHost,
  context: ExecutionContext,
): Promise<Profile | undefined> {
  if (scope === 'session') return sessions.get(host)?.get(name);
  const value = await (await host.state()).toolGet(OWNER, KEY_PREFIX + name, context);
  if (!isRecord(value)) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return new Map(texts.map(([variable, text]) => [variable, { value: text, secret: false }]));
}

/** Where nothing is stored at all, nothing is saved. */
async function savedIfAny(
  name: string,
  host: ToolHost,
  context: ExecutionContext,
): Promise<Profile | undefined> {
  return stored(name, 'saved', host, context).catch(() => undefined);
}

function storeInSession(name: string, profile: Profile, host: ToolHost): void {
  const profiles = sessions.get(host) ?? new Map<string, Profile>();
  if (profiles.size >= MOST_PROFILES && !profiles.has(name))
    throw fail('input.invalid', `A session holds at most ${MOST_PROFILES} environment profiles`);
  if (profile.size === 0) profiles.delete(name);
  else profiles.set(name, profile);
  sessions.set(host, profiles);
}

function checkName(name: string): string {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return name;
  throw fail('input.invalid', `${JSON.stringify(name.slice(0, 80))} is not the name of a profile`, {
    hint: 'Use letters, digits, _, . and -, at most 64 of them.',
  });
}

function checkSize(profile: Profile): void {
  if (profile.size > MOST_VARIABLES)
    throw fail('input.invalid', `A profile holds at most ${MOST_VARIABLES} variables`);
}

function toRecord(profile: Profile): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [name, { value }] of profile) setOwn(record, name, value);
  return record;
}
