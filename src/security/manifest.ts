import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import { CAPABILITIES, type Capability } from '../core/events.js';
import { isRecord } from '../core/values.js';
import type { Grants } from './grants.js';

/** One parameter that a spell says it takes. */
export interface SpellParameter {
  type: 'string' | 'number' | 'boolean';
  description: string;
  required: boolean;
  default?: string | number | boolean;
}

/** What a spell says of itself: what it needs to touch, and how others may call it. */
export interface Manifest {
  name?: string;
  description?: string;
  grants: Partial<Grants>;
  parameters: Record<string, SpellParameter>;
}

const COMMENT = /^\s*(?:--|\/\/)\s?(.*)$/;
const DIRECTIVE = /^llmspell:\s*(.*)$/;
/** Not within a word: long words would be tried at each of their letters. */
const PAIR = /(?<![\w-])([\w-]+)=(?:"([^"]*)"|(\S*))/g;
/** What one person can be asked to look at. */
const MOST_NEEDS = 50;
const TYPES = ['string', 'number', 'boolean'] as const;
const KEYS = ['name', 'description', ...CAPABILITIES.map((capability) => `allow-${capability}`)];

/**
 * The manifest in the comment at the top of a spell: lines such as
 * `-- llmspell: allow-read=./docs allow-net=api.example.com description="Reads the docs"`. Undefined when there is none.
 * @throws `config.invalid`
 */
export function manifestInSource(code: string): Manifest | undefined {
  const manifest: Manifest = { grants: {}, parameters: {} };
  const directives = leadingComment(code).flatMap((line) => DIRECTIVE.exec(line)?.[1] ?? []);
  for (const directive of directives) readDirective(directive, manifest);
  return directives.length > 0 ? manifest : undefined;
}

/**
 * The manifest in a `spell.toml`, already parsed: `[spell]` with `entry`, `name` and `description`, `[permissions]` with
 * lists, `[parameters.NAME]`. Undefined when its entry is another script.
 * @throws `config.invalid`
 */
export function manifestInToml(table: Record<string, unknown>, script: string): Manifest | undefined {
  const spell = section(table, 'spell');
  if (spell.entry !== script) return undefined;
  const manifest: Manifest = { ...described(spell), grants: {}, parameters: {} };
  for (const [key, list] of Object.entries(section(table, 'permissions')))
    addGrants(manifest, `allow-${key}`, textList(list, `permissions.${key}`));
  for (const [name, parameter] of Object.entries(section(table, 'parameters')))
    manifest.parameters[name] = spellParameter(name, parameter);
  return manifest;
}

function leadingComment(code: string): string[] {
  const lines: string[] = [];
  for (const line of code.split('\n', 200)) {
    const comment = COMMENT.exec(line);
    if (!comment && line.trim() !== '' && !line.startsWith('#!')) break;
    if (comment) lines.push(comment[1]!.trim());
  }
  return lines;
}

function readDirective(text: string, manifest: Manifest): void {
  const rest = text.replace(PAIR, '').trim();
  if (rest !== '') throw invalid(`'${rest}' is not key=value`);
  for (const [, key, quoted, bare] of text.matchAll(PAIR)) {
    const value = quoted ?? bare ?? '';
    if (key === 'name' || key === 'description') manifest[key] = value;
    else
      addGrants(
        manifest,
        key!,
        value
          .split(',')
          .map((item) => item.trim())
          .filter(Boolean),
      );
  }
}

/** An empty list means all of that kind, as the flag of the same name does. */
function addGrants(manifest: Manifest, key: string, items: string[]): void {
  const capability = CAPABILITIES.find((one) => key === `allow-${one}`);
  if (!capability) {
    const near = closest(key, KEYS);
    throw invalid(`unknown key '${key}'${near ? `, did you mean '${near}'?` : ''}`);
  }
  const before: readonly string[] = manifest.grants[capability] ?? [];
  manifest.grants[capability] = [...before, ...(items.length > 0 ? items : ['*'])];
  if (manifestNeeds(manifest).length > MOST_NEEDS)
    throw invalid(`it asks for more than ${MOST_NEEDS} things`);
}

function described(spell: Record<string, unknown>): Pick<Manifest, 'name' | 'description'> {
  const text = (key: 'name' | 'description') => (typeof spell[key] === 'string' ? { [key]: spell[key] } : {});
  return { ...text('name'), ...text('description') };
}

function spellParameter(name: string, value: unknown): SpellParameter {
  const {
    type = 'string',
    description = '',
    required = false,
    default: fallback,
  } = isRecord(value) ? value : {};
  if (!TYPES.includes(type as never)) throw invalid(`parameters.${name}.type is none of ${TYPES.join(', ')}`);
  return {
    type: type as SpellParameter['type'],
    description: String(description),
    required: required === true,
    ...(fallback !== undefined && { default: fallback as string }),
  };
}

function section(table: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = table[key] ?? {};
  if (!isRecord(value)) throw invalid(`[${key}] must be a table`);
  return value;
}

function textList(value: unknown, key: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw invalid(`${key} must be a list of texts`);
}

function invalid(reason: string): Error {
  return fail('config.invalid', `The spell's manifest cannot be read: ${reason}`, {
    hint: `Write lines such as -- llmspell: allow-read=./docs allow-net=api.example.com. Keys: ${KEYS.join(', ')}.`,
  });
}

/** Everything a manifest asks for, one item at a time. */
export function manifestNeeds({ grants }: Manifest): { capability: Capability; target: string }[] {
  return CAPABILITIES.flatMap((capability) =>
    (grants[capability] ?? []).map((target) => ({ capability, target })),
  );
}
