import { isRecord } from '../core/values.js';
import { cancelled, idleDeadline } from './deadline.js';
import { badResponse, networkError, toProviderError } from './errors.js';
import { watchedFetch } from './http.js';
import type { ProviderSettings } from './model.js';

/** Where a provider lists its models. */
export interface ModelListing {
  url: string;
  headers?: Record<string, string>;
  /** The key of the array in the answer, and the key of an entry's id: `data`/`id`, `models`/`name`. */
  list: string;
  id: string;
}

/** Asks a provider for its models: the cheapest question that shows whether it is there and takes the key. */
export async function listModels(
  settings: ProviderSettings,
  listing: ModelListing,
  signal: AbortSignal,
): Promise<{ models: string[] }> {
  using deadline = idleDeadline(signal, settings.timeoutMs, settings.name);
  const fetch = watchedFetch(settings, { deadline });
  try {
    const response = await fetch(listing.url, { headers: listing.headers ?? {} });
    return { models: idsIn(await readJson(response, settings), listing, settings) };
  } catch (error) {
    throw deadline.signal.aborted ? cancelled(deadline.signal.reason) : toProviderError(error, settings);
  }
}

async function readJson(response: Response, settings: ProviderSettings): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw networkError(error, settings, true);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badResponse(settings, 'something that is not JSON', error);
  }
}

function idsIn(answer: unknown, { list, id }: ModelListing, settings: ProviderSettings): string[] {
  const entries = isRecord(answer) ? answer[list] : answer;
  if (!Array.isArray(entries)) throw badResponse(settings, `JSON without a list of '${list}'`);
  return entries.flatMap((entry: unknown) =>
    isRecord(entry) && typeof entry[id] === 'string' ? [entry[id]] : [],
  );
}
