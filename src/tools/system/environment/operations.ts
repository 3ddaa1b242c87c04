import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { readFileGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import type { ToolHost } from '../../host.js';
import { diffProfiles } from './diff.js';
import { parseDotenv } from './dotenv.js';
import { expandTemplate, templateNames } from './expand.js';
import { exportText } from './export-text.js';
import type { Input } from './input.js';
import { namePattern } from './name-pattern.js';
import {
  checkVariable,
  loadProfile,
  type Profile,
  profileNames,
  storeProfile,
  type Variable,
} from './profiles.js';
import { shownValue, shownValues } from './reveal.js';
import { looksSecret } from './secret-names.js';

/** A `.env` file larger than this is something else. */
const MOST_FILE_BYTES = 1_000_000;

/** Shorter secrets would make secrets of ordinary words. */
const SHORTEST_SECRET = 6;

type Operation = (input: Input, context: ExecutionContext, host: ToolHost) => Promise<ToolOutcome>;

/** What the environment-manager can do. */
export const OPERATIONS: Readonly<Record<Input['operation'], Operation>> = {
  get: async (input, context, host) => {
    const name = needed('name', input.name);
    const variable = (await profileOf(input, host, context)).get(name);
    const value = variable ? await shownValue(name, variable, input.reveal, context) : null;
    const result = { name, value, found: variable !== undefined, secret: variable?.secret ?? false };
    return { result, text: value ?? '', message: `${name} is ${variable ? '' : 'not '}set` };
  },

  set: async (input, context, host) => {
    const given = givenVariables(input);
    const profile = await profileOf(input, host, context);
    for (const [name, value] of given) put(profile, name, value, input.secret, context);
    await storeProfile(input.profile, input.scope, profile, host, context);
    const names = given.map(([name]) => name).sort();
    return {
      result: { profile: input.profile, set: names, count: profile.size },
      message: `Set ${names.join(', ')}`,
    };
  },

  unset: async (input, context, host) => {
    const names = input.names ?? [needed('name', input.name)];
    const profile = await profileOf(input, host, context);
    const removed = names.filter((name) => profile.delete(name));
    await storeProfile(input.profile, input.scope, profile, host, context);
    const result = { profile: input.profile, removed, count: profile.size };
    return { result, message: `Removed ${removed.length} variables` };
  },

  list: async (input, context, host) => {
    const matches = input.pattern === undefined ? () => true : namePattern(input.pattern);
    const profile = new Map([...(await profileOf(input, host, context))].filter(([name]) => matches(name)));
    const variables = await shownValues(profile, false, context);
    const secrets = [...profile].filter(([, { secret }]) => secret).map(([name]) => name);
    const result = { profile: input.profile, variables, count: profile.size, secrets: secrets.sort() };
    return { result, message: `${profile.size} variables in '${input.profile}'` };
  },

  profiles: async (input, _context, host) => {
    const profiles = await profileNames(input.scope, host);
    return { result: { profiles, count: profiles.length }, text: profiles.join('\n') };
  },

  clear: async (input, context, host) => {
    const removed = (await profileOf(input, host, context)).size;
    await storeProfile(input.profile, input.scope, new Map(), host, context);
    return { result: { profile: input.profile, removed }, message: `Cleared '${input.profile}'` };
  },

  expand: async (input, context, host) => {
    const template = needed('template', input.template);
    const profile = await profileOf(input, host, context);
    const values = new Map<string, string>();
    for (const name of templateNames(template)) {
      const variable = profile.get(name);
      if (variable) values.set(name, await shownValue(name, variable, input.reveal, context));
    }
    const { text, used, missing } = expandTemplate(template, (name) => values.get(name), input.missing);
    return { result: { text, used, missing }, text };
  },

  load: async (input, context, host) => {
    const profile = input.replace ? new Map<string, Variable>() : await profileOf(input, host, context);
    const entries = await readDotenv(needed('file_path', input.file_path), profile, input, context);
    const skipped = new Set<string>();
    for (const { name, value } of entries) {
      if (input.scope === 'saved' && (input.secret ?? looksSecret(name))) skipped.add(name);
      else put(profile, name, value, input.secret, context);
    }
    await storeProfile(input.profile, input.scope, profile, host, context);
    const loaded = [...new Set(entries.map(({ name }) => name))].filter((name) => !skipped.has(name));
    const result = { profile: input.profile, loaded, skipped: [...skipped], count: profile.size };
    return { result, message: `Loaded ${loaded.length} variables into '${input.profile}'` };
  },

  diff: async (input, context, host) => {
    const profile = await profileOf(input, host, context);
    const other = await otherProfile(input, context, host);
    const result = diffProfiles(profile, other);
    const { added, removed, changed } = result;
    return {
      result: { ...result, same: added.length + removed.length + changed.length === 0 },
      text: [
        ...added.map((name) => `+ ${name}`),
        ...removed.map((name) => `- ${name}`),
        ...changed.map((name) => `~ ${name}`),
      ].join('\n'),
    };
  },

  export: async (input, context, host) => {
    const profile = await profileOf(input, host, context);
    const variables = await shownValues(profile, input.reveal, context);
    const text = exportText(variables, input.format);
    return { result: { profile: input.profile, format: input.format, text, count: profile.size }, text };
  },
};

function profileOf({ profile, scope }: Input, host: ToolHost, context: ExecutionContext): Promise<Profile> {
  return loadProfile(profile, scope, host, context);
}

function put(
  profile: Profile,
  name: string,
  value: string,
  secret: boolean | undefined,
  context: ExecutionContext,
): void {
  checkVariable(name, value);
  const variable = { value, secret: (secret ?? looksSecret(name)) || holdsSecretOf(profile, value) };
  if (variable.secret) context.secrets.add(value);
  profile.set(name, variable);
}

/** A value in which a secret was filled in is one, whatever it is called. */
function holdsSecretOf(profile: Profile, value: string): boolean {
  return [...profile.values()].some(
    (other) => other.secret && other.value.length >= SHORTEST_SECRET && value.includes(other.value),
  );
}

function givenVariables({ name, value, variables = {} }: Input): [string, string][] {
  const given = Object.entries(variables);
  if (name !== undefined) given.push([name, needed('value', value)]);
  if (given.length === 0)
    throw fail('input.invalid', "Missing required parameter 'name' (with 'value') or 'variables'");
  return given;
}

/** The variables of a file; places in it are filled in from its own lines, then from the profile. */
async function readDotenv(path: string, profile: Profile, { interpolate }: Input, context: ExecutionContext) {
  const bytes = await readFileGuarded(path, context, { maxBytes: MOST_FILE_BYTES });
  const lookUp = interpolate ? (name: string) => profile.get(name)?.value : undefined;
  return parseDotenv(new TextDecoder().decode(bytes), { lookUp });
}

async function otherProfile(input: Input, context: ExecutionContext, host: ToolHost): Promise<Profile> {
  if (input.file_path === undefined)
    return loadProfile(needed('other_profile', input.other_profile), input.scope, host, context);
  const other: Profile = new Map();
  for (const { name, value } of await readDotenv(input.file_path, other, input, context))
    put(other, name, value, input.secret, context);
  return other;
}

function needed(parameter: string, value: string | undefined): string {
  if (value === undefined) throw fail('input.invalid', `Missing required parameter '${parameter}'`);
  return value;
}
