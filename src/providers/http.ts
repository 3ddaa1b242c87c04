import type { Deadline } from './deadline.js';
import { badResponse, brokenStream, httpError, networkError } from './errors.js';
import type { ProviderSettings } from './model.js';

/** The part of an error page that is worth reading, in bytes. */
const MAX_ERROR_BODY = 16 * 1024;
/** How much of a stream's end is searched for the end mark, in characters. */
const TAIL = 4096;

/** How one request is watched. */
export interface Watch {
  deadline: Deadline;
  /** Matches the end of a complete stream; absent for answers that are not streamed. */
  endMark?: RegExp | undefined;
  /** Milliseconds since the epoch, to understand dates in `retry-after`; without it they are ignored. */
  now?: (() => number) | undefined;
}

/**
 * `fetch` as all providers use it: answers that are no success, failed connections and streams that end without
 * their end mark become `provider.*` errors; every byte winds the idle clock up again.
 */
export function watchedFetch(settings: ProviderSettings, watch: Watch): typeof fetch {
  return async (url, init) => {
    const response = await send(url, { ...init, signal: watch.deadline.signal }, settings);
    watch.deadline.touch();
    if (!response.ok) throw httpError(await readFailure(response), settings, watch.now?.());
    if (watch.endMark) refusePages(response, settings);
    if (!response.body) return response;
    const body = ReadableStream.from(guard(response.body, watch, settings));
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

async function send(url: Parameters<typeof fetch>[0], init: RequestInit, settings: ProviderSettings) {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw networkError(error, settings, false);
  }
}

async function readFailure(response: Response) {
  const body = await response.text().catch(() => '');
  return { status: response.status, headers: response.headers, body: body.slice(0, MAX_ERROR_BODY) };
}

/** A stream was asked for; a web page or a single object is something else. */
function refusePages(response: Response, settings: ProviderSettings): void {
  const type = response.headers.get('content-type') ?? '';
  if (/text\/html|application\/json/i.test(type)) {
    void response.body?.cancel();
    throw badResponse(settings, `'${type}' where a stream was asked for`);
  }
}

/** Passes bytes on, remembers the end of what passed, and refuses an end without the mark. */
async function* guard(body: ReadableStream<Uint8Array>, watch: Watch, settings: ProviderSettings) {
  const decoder = new TextDecoder();
  let tail = '';
  try {
    for await (const chunk of body) {
      watch.deadline.touch();
      if (watch.endMark) tail = (tail + decoder.decode(chunk, { stream: true })).slice(-TAIL);
      yield chunk;
    }
  } catch (error) {
    throw watch.deadline.signal.aborted ? error : networkError(error, settings, true);
  }
  if (watch.endMark && !watch.endMark.test(tail)) throw brokenStream(settings);
}
