import { fail, type LlmspellError } from '../core/errors.js';
import type { Secrets } from '../core/secrets.js';
import { fromTagged } from '../core/tagged-json.js';
import { isRecord, isReference, type JsonValue, parseReference, type ScriptValue } from '../core/values.js';
import { callText } from './crossing-text.js';
import { type Crossing, crossingsOf } from './crossings.js';
import type { Recording } from './recording.js';
import type { Beyond } from './replayer.js';
import { type NamedToken, unmaskData } from './secret-tokens.js';
import type { TapeTarget } from './tape.js';

/** Calls that take back what another has made. */
const TAKES_BACK = /\.(?:un[a-z_]+|remove|close|cancel)$/;
/** Steps that an error lists. */
const MOST_LISTED = 20;

/** A recording up to the call at which a run is to go on live, and what has to be made again there. */
export interface ForkedRecording {
  readonly recording: Recording;
  /** The calls that made what the script holds, by their number. */
  readonly again: ReadonlyMap<number, Crossing>;
  /** Names of secrets that are not known here. */
  readonly unknownSecrets: readonly NamedToken[];
  /** The tokens of the recording by the secrets, or by themselves where those are not known. */
  readonly inherited: ReadonlyMap<string, NamedToken>;
}

/**
 * Cuts a recording before a step: a path such as `run/tool:calculator[2]`, or the number of a crossing. Secrets that are
 * known by their name stand in it again.
 * @throws `replay.step_not_found` when the script took no such step by a call of its own.
 */
export function forkRecording(recording: Recording, step: string, secrets: Secrets): ForkedRecording {
  const crossings = crossingsOf(recording);
  const { at } = findStep(crossings, step);
  const before = crossings.filter((crossing) => crossing.at < at);
  const values = knownSecrets(recording.secrets, secrets);
  const inherited = recording.secrets.map(
    (secret) => [values.get(secret.token) ?? secret.token, secret] as const,
  );
  return {
    recording: { ...upTo(recording, at), entries: unmaskData(recording.entries.slice(0, at), values) },
    again: new Map(before.filter(isMadeAgain).map((crossing) => [crossing.id, crossing])),
    unknownSecrets: recording.secrets.filter(({ token }) => !values.has(token)),
    inherited: new Map(inherited),
  };
}

/** What is done at the fork: the objects of the script are made again, and stand under the names that it knows. */
export class ForkStart implements Beyond {
  private readonly calls: { crossing: Crossing; live(): Promise<ScriptValue> }[] = [];

  constructor(
    private readonly forked: ForkedRecording,
    private readonly target: TapeTarget,
  ) {}

  replayed(id: number, live: () => Promise<ScriptValue>): void {
    const crossing = this.forked.again.get(id);
    if (crossing) this.calls.push({ crossing, live });
  }

  async begin(): Promise<void> {
    for (const { path } of this.forked.recording.steps) this.target.passStep(path);
    const names = new Map<string, string>();
    for (const { crossing, live } of this.calls)
      pairReferences(await makeAgain(crossing, live), resultOf(crossing), names);
    this.target.renameHandles(names, highestHandle(this.forked.recording));
  }
}

async function makeAgain(crossing: Crossing, live: () => Promise<ScriptValue>): Promise<ScriptValue> {
  try {
    return await live();
  } catch (cause) {
    const message = `${nameOf(crossing)} could not be done again where the run goes on live: ${(cause as Error).message}`;
    throw fail('replay.diverged', message, { details: { crossing: crossing.id }, cause });
  }
}

/** The call that a step stands for. */
function findStep(crossings: readonly Crossing[], step: string): Crossing {
  const isNumber = /^\d+$/.test(step);
  const found = crossings.find((one) => (isNumber ? one.id === Number(step) : one.steps.includes(step)));
  if (!found) throw unknownStep(crossings, `The recording has no step '${step}'`);
  const isWhole = found.depth === 0 && found.entry.t === 'call' && (isNumber || found.steps[0] === step);
  if (isWhole) return found;
  throw unknownStep(crossings, `The step '${step}' is a part of another, which cannot go on live halfway`);
}

function unknownStep(crossings: readonly Crossing[], message: string): LlmspellError {
  const own = crossings.filter(({ depth, entry }) => depth === 0 && entry.t === 'call');
  const steps = own.map(({ id, steps: [path] }) => (path === undefined ? String(id) : `${id} (${path})`));
  const more = steps.length > MOST_LISTED ? `, and ${steps.length - MOST_LISTED} more` : '';
  return fail('replay.step_not_found', message, {
    hint:
      steps.length === 0
        ? 'The recorded spell called nothing.'
        : `Steps: ${steps.slice(0, MOST_LISTED).join(', ')}${more}. See: llmspell replay show FILE`,
    details: { steps },
  });
}

/** The parts of a recording that precede an entry. */
function upTo(recording: Recording, at: number): Recording {
  const isBefore = (_: unknown, index: number) => recording.effectPlaces[index]! <= at;
  const last = recording.entries
    .slice(0, at)
    .reduce((most, entry) => ('id' in entry ? Math.max(most, entry.id) : most), 0);
  return {
    ...recording,
    effects: recording.effects.filter(isBefore),
    effectPlaces: recording.effectPlaces.filter(isBefore),
    steps: recording.steps.filter(({ id }) => id <= last),
    secrets: recording.secrets,
  };
}

/**
 * Whether a call made something that lives on in the kernel and was nothing but that: it gave an object or took a
 * function, or takes such a thing back, and no component ran and nothing was called back in it.
 */
function isMadeAgain({ entry, end, steps, isAround }: Crossing): boolean {
  if (entry.t !== 'call' || !end || end.error || isAround || steps.length > 0) return false;
  const takesFunction = referencesIn(entry.args).some((name) => name.startsWith('fn:'));
  return takesFunction || referencesIn(end.value ?? null).length > 0 || TAKES_BACK.test(entry.member);
}

function resultOf({ end }: Crossing): ScriptValue {
  return fromTagged(end?.value ?? null);
}

function nameOf({ entry }: Crossing): string {
  return entry.t === 'call' ? callText(entry.member, entry.handle, entry.args as JsonValue[]) : 'A callback';
}

/** Notes which object of the new result stands for which of the recorded one: those at the same place. */
function pairReferences(made: ScriptValue, recorded: ScriptValue, names: Map<string, string>): void {
  if (isReference(made) && isReference(recorded)) names.set(made.toString(), recorded.toString());
  else if (Array.isArray(made) && Array.isArray(recorded))
    for (const [index, item] of made.entries()) pairReferences(item, recorded[index] ?? null, names);
  else if (isRecord(made) && isRecord(recorded))
    for (const key of Object.keys(made))
      pairReferences((made as never)[key], ((recorded as never)[key] ?? null) as ScriptValue, names);
}

/** The names in tagged data. */
function referencesIn(data: JsonValue): string[] {
  if (Array.isArray(data)) return data.flatMap(referencesIn);
  if (!isRecord(data)) return [];
  if (typeof data.$ref === 'string') return [data.$ref];
  return Object.values(data).flatMap((value) => referencesIn(value as JsonValue));
}

function highestHandle({ entries }: Recording): number {
  const results = entries.flatMap((entry) => (entry.t === 'result' ? referencesIn(entry.value ?? null) : []));
  const kernel = results.filter((name) => !name.startsWith('fn:'));
  return kernel.reduce((most, name) => Math.max(most, idOf(name)), 0);
}

function idOf(name: string): number {
  return Number(parseReference(Object(name) as never).id) || 0;
}

function knownSecrets(tokens: readonly NamedToken[], secrets: Secrets): Map<string, string> {
  const known = tokens.flatMap(({ token, name }) => {
    const [value] = name === undefined ? [] : secrets.named(name);
    return value === undefined ? [] : [[token, value] as const];
  });
  return new Map(known);
}
