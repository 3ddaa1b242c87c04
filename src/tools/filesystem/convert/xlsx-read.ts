import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import type { ArchiveEntry } from '../archive/entry.js';
import { Gate } from '../archive/gate.js';
import { Meter } from '../archive/limits.js';
import { openArchive } from '../archive/open.js';
import type { Cell } from './tables.js';
import { type OpenTag, readTags } from './xml-tags.js';

/** What a workbook may unpack to. */
const LIMITS = {
  maxEntries: 10_000,
  maxTotalSize: 500_000_000,
  maxFileSize: 300_000_000,
  maxRatio: 250,
};
/** Texts that cells share. */
const MAX_STRINGS = 5_000_000;
const MAX_COLUMNS = 16_384;
/** Days from the first day of spreadsheets to 1970; 1904 is the other first day. */
const EPOCH_DAYS = { 1900: 25_569, 1904: 24_107 };
const DAY_MS = 86_400_000;
/** Numbers of built-in formats that show a date or a time. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);

/**
 * The rows of a sheet of an Excel workbook, read as a stream. Formulas give the values that were computed last;
 * dates are ISO texts.
 * @param wanted the sheet's name or its place, from 1; the first when absent
 */
export async function* readSheet(
  path: string,
  wanted: string | undefined,
  context: ExecutionContext,
): AsyncGenerator<Cell[]> {
  const archive = await openArchive(path, context, LIMITS);
  try {
    const parts = new Map<string, ArchiveEntry>();
    const gate = new Gate(LIMITS);
    for await (const entry of archive.entries()) parts.set(gate.admit(entry).name, entry);
    const meter = new Meter(LIMITS, archive.size);
    const open = (name: string) => {
      const entry = parts.get(name);
      return entry && meter.count(entry.content());
    };
    const book = await readBook(open, path);
    const sheet = book.part(wanted);
    const content = open(sheet);
    if (!content) throw notXlsx(path);
    yield* sheetRows(content, await readStrings(open), await readStyles(open), book.epoch, context);
  } finally {
    await archive.close();
  }
}

type Open = (name: string) => AsyncIterable<Uint8Array> | undefined;

interface Book {
  epoch: number;
  /** The name of the part that holds a sheet. */
  part(wanted: string | undefined): string;
}

async function readBook(open: Open, path: string): Promise<Book> {
  const [book, relations] = [open('xl/workbook.xml'), open('xl/_rels/workbook.xml.rels')];
  if (!book || !relations) throw notXlsx(path);
  const targets = new Map<string, string>();
  for await (const tag of readTags(relations))
    if (tag.name === 'Relationship') targets.set(tag.attributes.Id ?? '', tag.attributes.Target ?? '');
  const sheets: { name: string; part: string }[] = [];
  let epoch = EPOCH_DAYS[1900];
  for await (const tag of readTags(book)) {
    if (tag.name === 'workbookPr' && /^(?:1|true)$/.test(tag.attributes.date1904 ?? ''))
      epoch = EPOCH_DAYS[1904];
    if (tag.name === 'sheet')
      sheets.push({ name: tag.attributes.name ?? '', part: partName(targets.get(relationOf(tag)) ?? '') });
  }
  return {
    epoch,
    part(wanted) {
      const found =
        wanted === undefined
          ? sheets[0]
          : (sheets.find(({ name }) => name === wanted) ?? sheets[Number(wanted) - 1]);
      if (found) return found.part;
      const names = sheets.map(({ name }) => `'${name}'`).join(', ');
      throw fail('input.invalid', `The workbook has no sheet '${wanted ?? 1}'. Its sheets: ${names}`);
    },
  };
}

/** The reference stands under a prefix that each program chooses itself. */
function relationOf({ attributes }: OpenTag): string {
  const key = Object.keys(attributes).find((name) => name === 'r:id' || name.endsWith(':id'));
  return key === undefined ? '' : attributes[key]!;
}

function partName(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
}

/** The texts that cells share; what is only a reading aid is left out. */
async function readStrings(open: Open): Promise<string[]> {
  const strings: string[] = [];
  const content = open('xl/sharedStrings.xml');
  if (!content) return strings;
  let current = '';
  for await (const tag of readTags(content, ['t', 'rPh'])) {
    if (tag.name === 'si' && !tag.closed) current = '';
    if (tag.name === 't' && tag.closed && !tag.path.includes('rPh')) current += tag.text;
    if (tag.name !== 'si' || !tag.closed) continue;
    if (strings.push(current) > MAX_STRINGS) throw fail('tool.failed', 'The workbook has too many texts');
  }
  return strings;
}

/** For each style of cells whether it shows a date. */
async function readStyles(open: Open): Promise<boolean[]> {
  const content = open('xl/styles.xml');
  const dates = new Set(DATE_FORMATS);
  const styles: boolean[] = [];
  if (!content) return styles;
  for await (const { name, closed, attributes, path } of readTags(content)) {
    if (closed) continue;
    const id = Number(attributes.numFmtId);
    if (name === 'numFmt' && showsDate(attributes.formatCode ?? '')) dates.add(id);
    if (name === 'xf' && path.includes('cellXfs')) styles.push(dates.has(id));
  }
  return styles;
}

/** Letters of dates outside of quoted text, of what stands in brackets, and after a backslash. */
function showsDate(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '');
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare);
}

async function* sheetRows(
  content: AsyncIterable<Uint8Array>,
  strings: readonly string[],
  dates: readonly boolean[],
  epoch: number,
  { signal }: ExecutionContext,
): AsyncGenerator<Cell[]> {
  let row: Cell[] = [];
  let cell: { column: number; type: string; date: boolean; text: string } | undefined;
  for await (const tag of readTags(content, ['v', 't'])) {
    signal.throwIfAborted();
    if (tag.name === 'row') {
      if (tag.closed) yield row;
      row = [];
    } else if (tag.name === 'c' && !tag.closed) {
      const { r, t = 'n', s = '0' } = tag.attributes;
      cell = { column: r ? columnOf(r) : row.length, type: t, date: dates[Number(s)] ?? false, text: '' };
    } else if (cell && tag.closed && (tag.name === 'v' || tag.name === 't')) {
      cell.text += tag.text;
    } else if (cell && tag.name === 'c') {
      while (row.length < cell.column) row.push(null);
      row[cell.column] = cellValue(cell, strings, epoch);
      cell = undefined;
    }
  }
}

function cellValue(
  { type, date, text }: { type: string; date: boolean; text: string },
  strings: readonly string[],
  epoch: number,
): Cell {
  if (type === 's') return strings[Number(text)] ?? '';
  if (type === 'b') return text === '1' || text === 'true';
  if (type !== 'n') return text;
  if (text === '') return null;
  const number = Number(text);
  if (!date) return Number.isFinite(number) ? number : text;
  return dateText(number, epoch);
}

/** A date without its time where there is none, a time without a date where there is none. */
function dateText(days: number, epoch: number): Cell {
  const ms = Math.round((days - epoch) * DAY_MS);
  if (Math.abs(ms) > 8.64e15) return days;
  const text = new Date(ms).toISOString();
  if (days >= 0 && days < 1) return text.slice(11, 19);
  return Number.isInteger(days) ? text.slice(0, 10) : text.slice(0, 19);
}

/** The place of a column, from 0, by its letters. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/i.exec(reference)?.[0].toUpperCase() ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  if (column > MAX_COLUMNS) throw fail('tool.failed', `A sheet has no column '${reference}'`);
  return Math.max(0, column - 1);
}

function notXlsx(path: string): Error {
  return fail('input.invalid', `'${path}' is not an Excel workbook (xlsx)`);
}
