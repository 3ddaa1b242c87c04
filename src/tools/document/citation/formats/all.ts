import { fail } from '../../../../core/errors.js';
import { isRecord } from '../../../../core/values.js';
import type { Item } from '../item.js';
import { type BibtexEntry, BibtexReader, type SyntaxProblem } from './bibtex-entries.js';
import { fromCslJson, toCslJson, toCslYaml } from './csl-json.js';
import { fromBibtex } from './from-bibtex.js';
import { fromHayagriva, isHayagriva } from './hayagriva.js';
import { fromRis, toRis } from './ris.js';
import { toBibtex } from './to-bibtex.js';

/** The formats of bibliographies. */
export const FORMATS = ['bibtex', 'csl-json', 'yaml', 'ris'] as const;
/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** What a file holds. */
export interface Bibliography {
  format: Format;
  items: Item[];
  /** The entries as they were written, where the format is BibTeX. */
  entries: BibtexEntry[];
  /** What could not be read. */
  problems: SyntaxProblem[];
}

/** Bytes of text, of YAML (whose reader takes longer), and entries that one call reads. */
const MAX_BYTES = 5_000_000;
const MAX_YAML_BYTES = 1_000_000;
const MAX_ENTRIES = 5000;
/** Entries that are read at once before other work gets its turn. */
const BATCH = 50;

/** The format that a text is written in. */
export function formatOf(text: string): Format {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (/^[[{]/.test(start)) return 'csl-json';
  if (/^TY {2}-/m.test(start)) return 'ris';
  return /^\s*@\s*\w+\s*[{(]/m.test(start) ? 'bibtex' : 'yaml';
}

/**
 * Reads a bibliography.
 * @throws `input.invalid` when it is empty or has none of the format, `value.too_large`
 */
export async function readBibliography(
  input: unknown,
  format: Format | undefined,
  signal: AbortSignal,
): Promise<Bibliography> {
  if (typeof input !== 'string')
    return fromValues(isRecord(input) ? recordsOf(input) : input, 'csl-json', signal);
  const actual = format ?? formatOf(input);
  checkText(input, actual);
  const text = input.replace(/^\ufeff/, '');
  if (actual === 'bibtex') return fromBibtexText(text, signal);
  if (actual === 'ris') return gathered('ris', fromRis(text), signal);
  return fromValues(await parsed(text, actual), actual, signal);
}

function checkText(text: string, format: Format): void {
  const size = Buffer.byteLength(text);
  const limit = format === 'yaml' ? MAX_YAML_BYTES : MAX_BYTES;
  if (size > limit)
    throw fail('value.too_large', `Bibliography size ${size} exceeds maximum of ${limit} bytes`);
  if (text.trim() === '') throw fail('input.invalid', 'Bibliography cannot be empty');
  if (format === 'bibtex' && !(text.includes('@') && text.includes('{')))
    throw fail('input.invalid', 'Invalid BibTeX: entries look like @article{key, …}');
  if (format === 'yaml' && !text.includes(':'))
    throw fail('input.invalid', 'Invalid YAML: fields look like key: value');
}

async function parsed(text: string, format: 'csl-json' | 'yaml'): Promise<unknown> {
  try {
    if (format === 'csl-json') return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text, { maxAliasCount: 100, logLevel: 'error' });
  } catch (error) {
    const name = format === 'yaml' ? 'YAML' : 'CSL-JSON';
    throw fail('input.invalid', `Invalid ${name}: ${(error as Error).message.split('\n')[0]}`);
  }
}

async function fromValues(document: unknown, format: Format, signal: AbortSignal): Promise<Bibliography> {
  if (isHayagriva(document))
    return gathered(
      format,
      (function* () {
        for (const [key, entry] of Object.entries(document)) {
          const item = fromHayagriva(key, entry);
          if (item) yield item;
        }
      })(),
      signal,
    );
  const list = isRecord(document) ? recordsOf(document) : document;
  if (!Array.isArray(list)) throw fail('input.invalid', 'The bibliography holds no list of references');
  return gathered(
    format,
    (function* () {
      for (const [index, value] of list.entries()) {
        const item = fromCslJson(value, index);
        if (item) yield item;
      }
    })(),
    signal,
  );
}

/** The list of references inside an object, or the object as the only one. */
function recordsOf(record: Record<string, unknown>): unknown {
  if (isHayagriva(record)) return record;
  for (const key of ['references', 'items', 'entries']) if (Array.isArray(record[key])) return record[key];
  return [record];
}

async function fromBibtexText(text: string, signal: AbortSignal): Promise<Bibliography> {
  const reader = new BibtexReader(text);
  const entries = await inBatches(reader.entries(), signal);
  const byKey = new Map(entries.map((entry) => [entry.key.toLowerCase(), entry]));
  const items = function* () {
    for (const entry of entries)
      yield fromBibtex(entry, byKey.get(entry.fields.get('crossref')?.toLowerCase() ?? ''));
  };
  const { items: all } = await gathered('bibtex', items(), signal);
  return { format: 'bibtex', items: all, entries, problems: reader.problems };
}

async function gathered(format: Format, items: Iterable<Item>, signal: AbortSignal): Promise<Bibliography> {
  return { format, items: await inBatches(items, signal), entries: [], problems: [] };
}

async function inBatches<T>(source: Iterable<T>, signal: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  for (const value of source) {
    if (all.push(value) > MAX_ENTRIES)
      throw fail('value.too_large', `The bibliography exceeds maximum of ${MAX_ENTRIES} entries`);
    if (all.length % BATCH !== 0) continue;
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  return all;
}

/** References in a format. */
export async function writeBibliography(items: readonly Item[], format: Format): Promise<string> {
  if (format === 'bibtex') return items.map(toBibtex).join('\n');
  if (format === 'ris') return `${items.map(toRis).join('\n\n')}\n`;
  if (format === 'csl-json') return `${JSON.stringify(items.map(toCslJson), null, 2)}\n`;
  const { stringify } = await import('yaml');
  return stringify({ references: items.map(toCslYaml) }, { lineWidth: 0 });
}
