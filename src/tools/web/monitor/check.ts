import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import type { ToolHost } from '../../host.js';
import { type LoadedPage, loadPage } from '../page/load-page.js';
import { Visitor } from '../page/visitor.js';
import { type Comparison, changeList, compareLines, diffText, normalizeLines } from './compare.js';
import type { MonitorInput } from './input.js';
import { pageLines } from './page-lines.js';
import { hashOf, type Snapshot, type Snapshots } from './snapshots.js';

/** What a check works with. */
interface CheckParts {
  context: ExecutionContext;
  host: ToolHost;
  /** Opens what is remembered; not called by a check that is told what to compare with. */
  records(): Promise<Snapshots>;
}

/** What the page is compared with. */
type Baseline = { lines: string[]; at?: number } | { hash: string };

/** Visits a page and says what is different. */
export async function check(url: URL, input: MonitorInput, parts: CheckParts): Promise<ToolOutcome> {
  const { context, host } = parts;
  const given = givenBaseline(input);
  const records = given ? undefined : await parts.records();
  const visitor = new Visitor(context, host, {
    respectRobots: input.respect_robots,
    timeout: input.timeout,
  });
  const page = await loadPage(visitor, url, {});
  const raw = await pageLines(page, input.selector, { signal: context.signal, timeout: input.timeout });
  const last = await records?.last(url.href, input.selector ?? '');
  const lines = normalizeLines(raw, input.ignore_whitespace);
  const found = await difference(given ?? last, lines, input);
  const snapshot = visitOf(url, raw, lines, input, context, found, last);
  const remembered = records !== undefined && input.remember;
  if (remembered) await records.keep(snapshot);
  return {
    result: { ...report(page, lines, found, input), current_hash: snapshot.hash, remembered },
    text: found.text,
    message: found.message,
    metadata: {
      timestamp: new Date(snapshot.at).toISOString(),
      status_code: page.response.status,
      charset: page.charset,
    },
  };
}

function givenBaseline({ previous_content, previous_hash }: MonitorInput): Baseline | undefined {
  if (previous_content !== undefined) return { lines: previous_content.split('\n') };
  return previous_hash === undefined ? undefined : { hash: previous_hash };
}

/** What is said about a difference, to programs and to people. */
interface Difference {
  facts: JsonObject;
  message: string;
  text: string;
  changed: boolean;
  added: number;
  removed: number;
}

async function difference(
  baseline: Baseline | undefined,
  lines: readonly string[],
  input: MonitorInput,
): Promise<Difference> {
  if (!baseline) return unseen();
  if (!('lines' in baseline)) return byHash(baseline.hash, hashOf(lines));
  const before = normalizeLines(baseline.lines, input.ignore_whitespace);
  const comparison = await compareLines(before, lines);
  return byLines(before, comparison, baseline.at, input.max_content_length);
}

function unseen(): Difference {
  const message = 'No previous content: the page is seen for the first time';
  return {
    facts: { has_changes: false, changes: [], change_count: 0 },
    message,
    text: message,
    changed: false,
    added: 0,
    removed: 0,
  };
}

function byHash(before: string, after: string): Difference {
  const changed = before.trim().toLowerCase() !== after;
  const message = changed ? 'The page has changed' : 'The page has not changed';
  return {
    facts: { has_changes: changed, changes: [], change_count: changed ? 1 : 0, previous_hash: before },
    message,
    text: message,
    changed,
    added: 0,
    removed: 0,
  };
}

function byLines(
  before: readonly string[],
  comparison: Comparison,
  at: number | undefined,
  most: number,
): Difference {
  const { changes, added, removed, coarse } = comparison;
  const changed = changes.length > 0;
  const message = changed
    ? `The page has changed (lines added: ${added}, removed: ${removed})`
    : 'The page has not changed';
  const diff = diffText(comparison).slice(0, most);
  return {
    facts: {
      has_changes: changed,
      changes: changeList(changes, most),
      change_count: changes.length,
      added_lines: added,
      removed_lines: removed,
      diff,
      previous_content: before.join('\n').slice(0, most),
      previous_hash: hashOf(before),
      ...(at !== undefined && { previous_check: new Date(at).toISOString() }),
      ...(coarse && { coarse }),
    },
    message,
    text: changed ? `${message}\n${diff}` : message,
    changed,
    added,
    removed,
  };
}

function report(
  page: LoadedPage,
  lines: readonly string[],
  found: Difference,
  input: MonitorInput,
): JsonObject {
  const text = lines.join('\n');
  const most = input.max_content_length;
  return {
    url: page.url,
    selector_used: input.selector ?? null,
    ignore_whitespace: input.ignore_whitespace,
    current_content: text.slice(0, most),
    ...(text.length > most && { truncated: true }),
    message: found.message,
    ...found.facts,
  };
}

function visitOf(
  url: URL,
  raw: string[],
  lines: readonly string[],
  { selector = '' }: MonitorInput,
  context: ExecutionContext,
  { changed, added, removed }: Difference,
  last: Snapshot | undefined,
): Snapshot {
  const hash = hashOf(lines);
  const at = context.effects.now();
  const visits = [...(last?.visits ?? []), { at, hash, changed, added, removed }];
  return { url: url.href, selector, lines: raw, hash, at, visits };
}
