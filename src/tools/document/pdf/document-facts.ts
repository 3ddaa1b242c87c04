import type { JsonObject, JsonValue } from '../../../core/values.js';
import type { RawDocument, RawFacts, RawPage } from './raw-document.js';

/** What the bits of a document's permissions allow. */
const PERMISSIONS: Readonly<Record<string, number>> = {
  print: 0x04,
  modify: 0x08,
  copy: 0x10,
  annotate: 0x20,
  fill_forms: 0x100,
  copy_for_accessibility: 0x200,
  assemble: 0x400,
  print_high_quality: 0x800,
};
/** Pages whose sizes are listed one by one, and characters of one value. */
const MAX_SIZES = 1000;
const MAX_TEXT = 10_000;

/** Metadata in words that do not depend on how PDF spells them. */
export function describeDocument(document: RawDocument): JsonObject {
  const facts = document.facts!;
  const { info } = facts;
  return {
    ...bibliographic(facts),
    pdf_version: text(info.PDFFormatVersion),
    page_count: document.pageCount,
    pages: sizesOf(document.pages),
    encrypted: info.EncryptFilterName != null,
    encryption: text(info.EncryptFilterName),
    permissions: permissionsOf(facts.permissions),
    linearized: info.IsLinearized === true,
    has_form: info.IsAcroFormPresent === true,
    has_signatures: info.IsSignaturesPresent === true,
    has_scripts: facts.scripts,
    form_fields: facts.fields,
    outline: facts.outline.map(({ title, level, page, url }) => ({ title, level, page, url })),
    attachments: facts.attachments.map(({ name, size }) => ({ name, size })),
    page_labels: facts.labels?.slice(0, MAX_SIZES) ?? null,
    custom: textsOf(info.Custom),
    xmp: textsOf(facts.xmp),
  };
}

/** The facts by which a document is cited. Where the old form has nothing, XMP may. */
function bibliographic({ info, xmp }: RawFacts): JsonObject {
  return {
    title: text(info.Title) ?? text(xmp['dc:title']),
    author: text(info.Author) ?? text(xmp['dc:creator']),
    subject: text(info.Subject) ?? text(xmp['dc:description']),
    keywords: text(info.Keywords) ?? text(xmp['pdf:keywords']),
    creator: text(info.Creator) ?? text(xmp['xmp:creatortool']),
    producer: text(info.Producer) ?? text(xmp['pdf:producer']),
    created: pdfDate(info.CreationDate) ?? text(xmp['xmp:createdate']),
    modified: pdfDate(info.ModDate) ?? text(xmp['xmp:modifydate']),
    language: text(info.Language),
  };
}

function text(value: unknown): string | null {
  if (Array.isArray(value)) return text(value.filter((part) => typeof part === 'string').join('; '));
  if (typeof value !== 'string') return null;
  const clean = value.replace(/\0/g, '').trim().slice(0, MAX_TEXT);
  return clean === '' ? null : clean;
}

function textsOf(record: unknown): JsonObject {
  const entries = Object.entries((record ?? {}) as Record<string, unknown>).slice(0, 100);
  return Object.fromEntries(entries.map(([key, value]) => [key, text(value)]).filter(([, value]) => value));
}

/** `D:20240131235959+01'00'` as ISO 8601; parts that are missing are the first ones of their kind. */
export function pdfDate(value: unknown): string | null {
  const found = /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?/.exec(
    typeof value === 'string' ? value.trim() : '',
  );
  if (!found) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', , sign, h, m = '00'] =
    found;
  const zone = sign === undefined || `${h}${m}` === '0000' ? 'Z' : `${sign}${h}:${m}`;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`;
  return Number.isNaN(Date.parse(iso)) ? null : iso;
}

function permissionsOf(flags: readonly number[] | null): JsonValue {
  if (flags === null) return null;
  return Object.fromEntries(Object.entries(PERMISSIONS).map(([name, bit]) => [name, flags.includes(bit)]));
}

/** Runs of pages with one size. */
function sizesOf(pages: readonly RawPage[]): JsonValue[] {
  const runs: { first: number; last: number; width: number; height: number; rotation: number }[] = [];
  for (const { number, width = 0, height = 0, rotation = 0 } of pages) {
    const run = runs.at(-1);
    const size = { width: rounded(width), height: rounded(height), rotation };
    const same = run?.width === size.width && run.height === size.height && run.rotation === rotation;
    if (run && same && number === run.last + 1) run.last = number;
    else if (runs.length < MAX_SIZES) runs.push({ first: number, last: number, ...size });
  }
  return runs.map((run) => ({ ...run, paper: paperOf(run.width, run.height) }));
}

function paperOf(width: number, height: number): string | null {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  const papers = { A3: [842, 1191], A4: [595, 842], A5: [420, 595], Letter: [612, 792], Legal: [612, 1008] };
  const near = (a: number, b: number) => Math.abs(a - b) <= 2;
  return Object.entries(papers).find(([, [w, h]]) => near(short, w!) && near(long, h!))?.[0] ?? null;
}

/** A measure in points, to hundredths. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
