import { Readable } from 'node:stream';
import { fail } from '../../../core/errors.js';
import { withoutFormula } from './cells.js';
import type { RowStream } from './text-export.js';
import { isExactNumber, type Kind, kindOf } from './value-kind.js';

/** What a sheet holds. */
const MAX_ROWS = 1_048_576;
const MAX_CELL_CHARACTERS = 32_767;
/** Cell formats of the style sheet below. */
const DATE_STYLE = 1;
const DATE_TIME_STYLE = 2;
/** 1970-01-01 in days of a spreadsheet. */
const EPOCH_DAYS = 25_569;
const DAY_MS = 86_400_000;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const PART = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts of a workbook of one sheet, besides the sheet. */
const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${PART}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${PART}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${PART}.styles+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>`,
};

/**
 * An Excel workbook with one sheet, written row by row: a library that builds the sheet as a whole would hold it in
 * memory and block everything else.
 * @throws `tool.failed` for more rows or longer cells than a sheet may have
 */
export async function* xlsxBytes(
  stream: RowStream,
  escapeFormulas: boolean,
  now: Date,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const sheet = Readable.from(sheetText(stream, escapeFormulas), { objectMode: false });
  sheet.on('error', (error) => output.destroy(error));
  zip.on('error', (error: Error) => output.destroy(error));
  const options = { mtime: now };
  for (const [name, text] of Object.entries(PARTS)) zip.addBuffer(Buffer.from(HEAD + text), name, options);
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', options);
  zip.end();
  try {
    for await (const chunk of output) yield chunk as Uint8Array;
  } finally {
    sheet.destroy();
  }
}

async function* sheetText({ columns, batches }: RowStream, escapeFormulas: boolean): AsyncGenerator<Buffer> {
  const guard = escapeFormulas ? withoutFormula : (cell: string) => cell;
  const letters = columns.map((_, index) => columnLetters(index));
  let count = 0;
  const rowXml = (cells: readonly string[], content: (cell: string, guard: Guard) => CellContent) => {
    const number = ++count;
    if (number > MAX_ROWS)
      throw fail('tool.failed', `A sheet holds ${MAX_ROWS} rows, not more`, { hint: 'Use parquet or csv.' });
    const parts = cells.map((cell, index) => cellXml(`${letters[index]}${number}`, content(cell, guard)));
    return `<row r="${number}">${parts.join('')}</row>`;
  };
  yield Buffer.from(`${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`);
  if (columns.length > 0) yield Buffer.from(rowXml(columns, (name) => textContent(guard(name))));
  for await (const batch of batches) yield Buffer.from(batch.map((row) => rowXml(row, contentOf)).join(''));
  yield Buffer.from('</sheetData></worksheet>');
}

type Guard = (cell: string) => string;

/** The attributes and the inside of a cell; undefined for an empty one. */
type CellContent = { attributes: string; inside: string } | undefined;

function cellXml(reference: string, content: CellContent): string {
  return content ? `<c r="${reference}"${content.attributes}>${content.inside}</c>` : '';
}

/** `A` to `Z`, `AA` and so on. */
function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

function contentOf(cell: string, guard: Guard): CellContent {
  const text = cell.trim();
  if (text === '') return undefined;
  if (isExactNumber(text)) return { attributes: '', inside: `<v>${Number(text)}</v>` };
  const kind = kindOf(text);
  if (kind === 'boolean') return { attributes: ' t="b"', inside: `<v>${/^t/i.test(text) ? 1 : 0}</v>` };
  return serialContent(text, kind) ?? textContent(guard(cell));
}

/**
 * A date as the number of days that a sheet counts. Only what has no zone: a sheet knows none, and shifting a time
 * would change what it says. Before March 1900 sheets disagree, so that stays text.
 */
function serialContent(text: string, kind: Kind): CellContent {
  if (kind !== 'date' && (kind !== 'date_time' || /(?:Z|[+-]\d\d:?\d\d)$/.test(text))) return undefined;
  const iso = kind === 'date' ? `${text}T00:00:00Z` : `${text.replace(' ', 'T')}Z`;
  const days = Date.parse(iso) / DAY_MS + EPOCH_DAYS;
  const style = kind === 'date' ? DATE_STYLE : DATE_TIME_STYLE;
  return days >= 61 ? { attributes: ` s="${style}"`, inside: `<v>${days}</v>` } : undefined;
}

function textContent(text: string): CellContent {
  if (text.length > MAX_CELL_CHARACTERS)
    throw fail(
      'tool.failed',
      `A cell of a sheet holds ${MAX_CELL_CHARACTERS} characters, not ${text.length}`,
    );
  return { attributes: ' t="inlineStr"', inside: `<is><t xml:space="preserve">${escaped(text)}</t></is>` };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Characters that XML cannot hold become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[&<>\r]/g, (character) => ESCAPES[character]!)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
