import { closest } from '../core/schema.js';
import {
  isSecretVariable,
  isSectionVariable,
  PREFIX,
  PROVIDER_SHORT_KEYS,
  REGISTRY,
  type Variables,
  WELL_KNOWN_KEYS,
} from './environment-registry.js';
import type { Layer } from './layers.js';
import { formatPath, getAt, setAt } from './paths.js';
import { KNOWN_PROVIDER_TYPES } from './provider-tables.js';
import { type LeafNode, leaves, nodeAt, type TableNode } from './tree.js';
import type { ConfigIssue, FreeTable } from './types.js';

/** Read by the providers and tools themselves, for services that need no table. */
const SERVICE_VARIABLE = /_(?:API_KEY|ENDPOINT|MODEL|PROVIDER_TYPE|TIMEOUT|MAX_RETRIES)$|^API_KEY_/;

/** The settings made by `LLMSPELL_*` variables, and warnings about those that set nothing. */
export interface EnvironmentReading {
  layer: Layer;
  warnings: ConfigIssue[];
}

/**
 * Reads the variables. An empty one counts as not set, except for lists, where it is the empty list. A text that does
 * not fit its key is kept as it is, so that validation reports it. `configured` holds the providers set elsewhere.
 */
export function readEnvironment(
  env: Variables,
  tree: TableNode,
  configured: readonly string[],
): EnvironmentReading {
  const general = generalVariables(tree);
  const reading = new Reading();
  const names = Object.keys(env).filter((name) => name.startsWith(PREFIX));
  for (const name of names.sort(byStrength)) {
    const value = env[name];
    if (value === undefined) continue;
    const short = name.slice(PREFIX.length);
    const found = settingsOf(short, value, tree, general, configured);
    if (found) for (const [path, setting] of found) reading.set(path, setting, name);
    else reading.warn(name, short, general);
  }
  return reading;
}

/** Registered names come last, so that they win over the general spelling of the same key. */
function byStrength(a: string, b: string): number {
  return Number(isRegistered(a)) - Number(isRegistered(b)) || (a < b ? -1 : 1);
}

function isRegistered(name: string): boolean {
  return Object.hasOwn(REGISTRY, name.slice(PREFIX.length));
}

class Reading implements EnvironmentReading {
  readonly warnings: ConfigIssue[] = [];
  private readonly values: FreeTable = {};
  private readonly names = new Map<string, string>();
  readonly layer: Layer = {
    kind: 'environment',
    values: this.values,
    where: (path) => this.names.get(formatPath(path)),
  };

  set(path: string[], value: unknown, name: string): void {
    if (value === undefined) return;
    setAt(this.values, path, value);
    this.names.set(formatPath(path), name);
  }

  /** Only names that were surely meant for us: those of a section, and near misses. */
  warn(name: string, short: string, general: ReadonlyMap<string, unknown>): void {
    if (SERVICE_VARIABLE.test(short) && !isSectionVariable(short)) return;
    if (isSecretVariable(short)) return;
    const suggestion = closest(short, [...Object.keys(REGISTRY), ...general.keys()]);
    if (!isSectionVariable(short) && (suggestion === undefined || short.length < 8)) return;
    const meant = suggestion === undefined ? undefined : PREFIX + suggestion;
    this.warnings.push({
      code: 'unknown_variable',
      path: name,
      message: `unknown environment variable '${name}'${meant ? `, did you mean '${meant}'?` : ''}`,
      ...(meant && { suggestion: meant }),
      where: name,
    });
  }
}

type Setting = [path: string[], value: unknown];

function settingsOf(
  short: string,
  value: string,
  tree: TableNode,
  general: ReadonlyMap<string, string[]>,
  configured: readonly string[],
): Setting[] | undefined {
  if (short === 'DEBUG_OUTPUT') return debugOutput(value);
  if (short === 'DEBUG_MODULES') return debugModules(value);
  const path = pathOf(short, general) ?? providerPath(short, tree, configured);
  const leaf = path && nodeAt(tree, path);
  return path && leaf?.kind === 'leaf' ? [[path, coerce(value, leaf)]] : undefined;
}

function pathOf(short: string, general: ReadonlyMap<string, string[]>): string[] | undefined {
  return Object.hasOwn(REGISTRY, short) ? REGISTRY[short]!.split('.') : general.get(short);
}

/** The general rule: a key's path in capitals. Tables of free keys have no variable. */
function generalVariables(tree: TableNode): Map<string, string[]> {
  const all = [...leaves(tree)].filter(([, leaf]) => leaf.type !== 'map');
  return new Map(all.map(([path]) => [upperSnake(path), path]));
}

function upperSnake(path: readonly string[]): string {
  return path.join('_').replaceAll('-', '_').toUpperCase();
}

/** `PROVIDER_<NAME>_<KEY>` for any provider; the longest key that fits is the key. */
function providerPath(short: string, tree: TableNode, configured: readonly string[]): string[] | undefined {
  const rest = /^PROVIDERS?_(.+)$/.exec(short)?.[1];
  const entry = nodeAt(tree, ['providers', 'any']);
  if (rest === undefined || entry?.kind !== 'table') return undefined;
  const keys = new Map([...leaves(entry)].map(([path]) => [upperSnake(path), path]));
  for (const [name, key] of Object.entries(PROVIDER_SHORT_KEYS)) keys.set(name, [key]);
  const fits = [...keys.keys()].filter((key) => rest.endsWith(`_${key}`) && rest.length > key.length + 1);
  const key = fits.sort((a, b) => b.length - a.length)[0];
  if (key === undefined) return undefined;
  return ['providers', providerName(rest.slice(0, -key.length - 1), configured), ...keys.get(key)!];
}

function providerName(upper: string, configured: readonly string[]): string {
  const known = [...configured, ...KNOWN_PROVIDER_TYPES];
  return known.find((name) => upperSnake([name]) === upper) ?? upper.toLowerCase();
}

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

function coerce(text: string, leaf: LeafNode): unknown {
  if (leaf.type === 'list') return splitList(text).map((item) => (leaf.numeric ? toNumber(item) : item));
  if (text === '') return undefined;
  if (leaf.type === 'boolean') return WORDS[text.trim().toLowerCase()] ?? text;
  return leaf.type === 'integer' || leaf.type === 'number' ? toNumber(text) : text;
}

function toNumber(text: string): number | string {
  const plain = text.trim().replaceAll('_', '');
  return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(plain) ? Number(plain) : text;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `stdout,colored,file:PATH`: what is not named is off. */
function debugOutput(value: string): Setting[] {
  const parts = splitList(value);
  const file = parts.find((part) => part.startsWith('file:'))?.slice('file:'.length);
  return [
    [['debug', 'output', 'stdout'], parts.includes('stdout')],
    [['debug', 'output', 'colored'], parts.includes('colored')],
    [['debug', 'output', 'file', 'path'], file || undefined],
  ];
}

/** `+a,-b`: modules that may log and modules that may not. */
function debugModules(value: string): Setting[] {
  const parts = splitList(value);
  const without = (sign: string) =>
    parts.filter((part) => part.startsWith(sign)).map((part) => part.slice(1));
  const plain = parts.filter((part) => !/^[+-]/.test(part));
  return [
    [
      ['debug', 'module_filters', 'enabled'],
      [...without('+'), ...plain],
    ],
    [['debug', 'module_filters', 'disabled'], without('-')],
  ];
}

/**
 * Keys from the providers' own variables. They fill a table that exists and does not name another variable: a key
 * alone never creates a provider.
 */
export function readWellKnownKeys(env: Variables, merged: FreeTable): Layer {
  const values: FreeTable = {};
  const names = new Map<string, string>();
  for (const [variable, provider] of Object.entries(WELL_KNOWN_KEYS)) {
    const named = getAt(merged, ['providers', provider, 'api_key_env']);
    const exists = typeof getAt(merged, ['providers', provider]) === 'object';
    if (!env[variable] || !exists || (named !== undefined && named !== variable)) continue;
    setAt(values, ['providers', provider, 'api_key'], env[variable]);
    names.set(`providers.${provider}.api_key`, variable);
  }
  return { kind: 'environment', values, where: (path) => names.get(formatPath(path)) };
}
