import type { ToolsConfig } from '../../../config/types.js';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { closest } from '../../../core/schema.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { readFileGuarded } from '../../../security/files.js';
import type { ToolOutcome } from '../../define.js';
import { placed } from './bibliography.js';
import { type Bibliography, FORMATS, readBibliography, writeBibliography } from './formats/all.js';
import type { Item } from './item.js';
import { type CitationRequest, wantedKeys } from './request.js';
import { OUTPUTS, render } from './rich.js';
import { STYLES, styleNamed } from './styles/all.js';
import type { Cited, Style } from './styles/style.js';
import { issuesOf } from './validate.js';

const MAX_FILE_BYTES = 5_000_000;
/** References that one call gives unless configured otherwise. */
const MAX_REFERENCES = 1000;
const BATCH = 50;

type AcademicConfig = NonNullable<ToolsConfig['academic']>;
/** One operation. Contract: as `ToolDefinition.run`. */
type Work = (
  request: CitationRequest,
  context: ExecutionContext,
  config: AcademicConfig,
) => Promise<ToolOutcome>;

/** What each operation does. */
export const CITATION_WORK: Readonly<Record<CitationRequest['operation'], Work>> = {
  async format_citation(request, context, config) {
    const style = styleNamed(request.style ?? config.default_citation_style ?? 'apa');
    const bibliography = await read(request, context);
    const chosen = chooseItems(bibliography.items, request);
    const kept = chosen.slice(0, config.max_references ?? MAX_REFERENCES);
    const cited = withLocators(placed(kept, style), request);
    const references = await inBatches(cited, (one) => referenceOf(one, style, request), context);
    const order = new Map(kept.map(({ id }, index) => [id, index]));
    const inText = [...cited].sort((a, b) => order.get(a.item.id)! - order.get(b.item.id)!);
    return {
      result: {
        style: style.id,
        format: bibliography.format,
        citations: await inBatches(inText, (one) => citationOf(one, style, request), context),
        combined_citation: clusterOf(inText, style, request),
        reference_list: references,
        entry_count: references.length,
        truncated: kept.length < chosen.length,
        warnings: problemsOf(bibliography),
      },
      text: references.join('\n'),
      message: `Formatted ${many(references.length, 'reference')} in the style ${style.title}`,
    };
  },

  async validate_bibliography(request, context) {
    const { format, items, entries, problems } = await read(request, context, true);
    const issues = issuesOf(items, entries);
    const results = items.map(
      (item, index): JsonObject => ({
        key: item.id,
        valid: issues[index]!.every(({ severity }) => severity !== 'error'),
        entry_type: entries[index]?.type ?? item.type,
        line: entries[index]?.line ?? null,
        issues: issues[index]!.map((issue) => ({ ...issue })),
      }),
    );
    const valid = results.filter((result) => result.valid).length;
    const warnings = issues.flat().filter(({ severity }) => severity === 'warning').length;
    return {
      result: {
        format,
        total_entries: items.length,
        valid_entries: valid,
        warnings,
        is_valid: valid === items.length && problems.length === 0 && items.length > 0,
        validation_results: results,
        syntax_errors: problems.map((problem) => ({ ...problem })),
      },
      message: `${valid} of ${many(items.length, 'entry', 'entries')} valid, ${many(warnings, 'warning')}, ${many(problems.length, 'syntax error')}`,
    };
  },

  async list_styles() {
    const ids = (kind: Style['kind']) => STYLES.filter((style) => style.kind === kind).map(({ id }) => id);
    return {
      result: {
        supported_styles: STYLES.map(({ id }) => id),
        total_available: STYLES.length,
        styles: STYLES.map(({ id, title, kind, aliases }) => ({ id, title, kind, aliases: [...aliases] })),
        categories: {
          author_date: ids('author-date'),
          author_title: ids('author-title'),
          numeric: ids('numeric'),
          note_bibliography: ids('note'),
        },
        formats: [...FORMATS],
        outputs: [...OUTPUTS],
      },
      text: STYLES.map(({ id, title }) => `${id}: ${title}`).join('\n'),
      message: `${STYLES.length} styles`,
    };
  },

  async convert(request, context) {
    const { to } = request;
    if (to === undefined)
      throw fail('input.invalid', "The operation 'convert' needs 'to'", {
        hint: `One of: ${FORMATS.join(', ')}.`,
      });
    const bibliography = await read(request, context);
    const items = chooseItems(bibliography.items, request);
    const output = await writeBibliography(items, to);
    return {
      result: {
        from: bibliography.format,
        to,
        output,
        entry_count: items.length,
        warnings: problemsOf(bibliography),
      },
      text: output,
      message: `Converted ${many(items.length, 'entry', 'entries')} from ${bibliography.format} to ${to}`,
    };
  },
};

function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

async function read(
  request: CitationRequest,
  context: ExecutionContext,
  forgiving = false,
): Promise<Bibliography> {
  const bibliography = await readBibliography(
    await sourceOf(request, context),
    request.format,
    context.signal,
  );
  const [problem] = bibliography.problems;
  if (bibliography.items.length > 0 || (forgiving && problem)) return bibliography;
  const why = problem ? `: line ${problem.line}: ${problem.message}` : '';
  throw fail('input.invalid', `No entries were found in the ${bibliography.format} bibliography${why}`, {
    hint: `Check the syntax, or name the format: ${FORMATS.join(', ')}.`,
  });
}

async function sourceOf(
  { input, file_path: path }: CitationRequest,
  context: ExecutionContext,
): Promise<unknown> {
  if (input !== undefined && path !== undefined)
    throw fail('input.invalid', "Give either 'input' or 'file_path', not both");
  if (path !== undefined)
    return (await readFileGuarded(path, context, { maxBytes: MAX_FILE_BYTES })).toString('utf8');
  if (input === undefined) throw fail('input.invalid', "Missing required parameter 'input'");
  return input;
}

function problemsOf({ problems }: Bibliography): JsonValue[] {
  return problems.map(({ line, message }) => ({ line, message }));
}

/** The works that are cited, each once, in the order of citation. */
function chooseItems(items: readonly Item[], request: CitationRequest): Item[] {
  const byId = new Map<string, Item>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);
  return (wantedKeys(request) ?? [...byId.keys()]).map((key) => byId.get(key) ?? unknownKey(key, byId));
}

function unknownKey(key: string, known: ReadonlyMap<string, unknown>): never {
  const near = closest(key, [...known.keys()].slice(0, 1000));
  throw fail('input.invalid', `Unknown citation key '${key}'${near ? `, did you mean '${near}'?` : ''}`, {
    details: { key },
  });
}

function withLocators(cited: readonly Cited[], { locators = {} }: CitationRequest): Cited[] {
  const places = new Map(Object.entries(locators).map(([key, place]) => [key, String(place)]));
  return cited.map((one) => {
    const locator = places.get(one.item.id);
    return locator === undefined ? one : { ...one, locator };
  });
}

function referenceOf(cited: Cited, style: Style, { output }: CitationRequest): string {
  return render(`${style.label(cited.number)}${style.entry(cited)}`, output);
}

function citationOf(cited: Cited, style: Style, { output }: CitationRequest): JsonObject {
  const write = (text: string) => render(text, output);
  const { narrative, shortNote } = style;
  return {
    key: cited.item.id,
    citation: write(style.cluster([style.inText(cited)], [cited])),
    ...(narrative && { narrative: write(narrative(cited)) }),
    ...(shortNote && { short_citation: write(shortNote(cited)) }),
    ...(style.kind === 'numeric' && { number: cited.number }),
    reference: referenceOf(cited, style, { output } as CitationRequest),
  };
}

/** All works cited at one place; long lists are no citation any more. */
function clusterOf(cited: readonly Cited[], style: Style, { output }: CitationRequest): string | null {
  if (cited.length === 0 || cited.length > 50) return null;
  const parts = cited.map((one) => style.inText(one));
  return render(style.cluster(parts, cited), output);
}

async function inBatches<T, R>(
  values: readonly T[],
  work: (value: T) => R,
  { signal }: ExecutionContext,
): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) {
    results.push(work(value));
    if (results.length % BATCH !== 0) continue;
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  return results;
}
