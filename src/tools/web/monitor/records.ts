import type { JsonObject } from '../../../core/values.js';
import type { ToolOutcome } from '../../define.js';
import type { MonitorInput } from './input.js';
import type { Snapshot, Snapshots } from './snapshots.js';

/** What is remembered of one page, or of all. */
export async function history(
  records: Snapshots,
  url: string | undefined,
  { selector }: Pick<MonitorInput, 'selector'>,
): Promise<ToolOutcome> {
  const known = (await records.all()).filter(
    (one) => (url === undefined || one.url === url) && (selector === undefined || one.selector === selector),
  );
  const pages = known.sort((a, b) => a.url.localeCompare(b.url) || a.selector.localeCompare(b.selector));
  return {
    result: { pages: pages.map(described), count: pages.length },
    message: `${pages.length} pages are watched`,
  };
}

/** Forgets a page. */
export async function reset(records: Snapshots, url: string, selector: string): Promise<ToolOutcome> {
  const removed = await records.forget(url, selector);
  return {
    result: { url, selector: selector || null, removed },
    message: removed ? `Forgot ${url}` : `${url} was not watched`,
  };
}

function described({ url, selector, hash, at, visits }: Snapshot): JsonObject {
  return {
    url,
    selector: selector || null,
    current_hash: hash,
    last_checked: new Date(at).toISOString(),
    checks: visits.map((visit) => ({ ...visit, at: new Date(visit.at).toISOString() })),
  };
}
