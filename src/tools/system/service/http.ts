import type { ExecutionContext } from '../../../core/context.js';
import { type GuardedResponse, guardedRequest, parseUrl } from '../../../security/network.js';
import type { Finding } from './finding.js';
import type { CheckInput } from './input.js';
import { statusRule } from './statuses.js';

/** Statuses with which servers refuse HEAD and may still answer GET. */
const NO_HEAD = new Set([405, 501]);
/** The most of a body that is searched for the expected text. */
const MOST_BYTES = 5_000_000;
const MOST_REDIRECTS = 5;

/** The URL of a target, with the scheme of the check. @throws `input.invalid` */
export function httpUrl(text: string, scheme: 'http' | 'https', port: number | undefined): URL {
  const bare = text.replace(/^https?:\/\//i, '');
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare : `${scheme}://${bare}`);
  if (url.port === '' && port !== undefined) url.port = String(port);
  return url;
}

/** Whether a server answers as expected. */
export async function checkHttp(
  url: URL,
  input: CheckInput,
  timeoutMs: number,
  context: ExecutionContext,
): Promise<Finding> {
  const isExpected = statusRule(input.expected_status);
  const deadline = context.effects.now() + timeoutMs;
  const ask = (method: string) =>
    guardedRequest(
      url.href,
      {
        method,
        timeoutMs: Math.max(1, deadline - context.effects.now()),
        maxRedirects: input.follow_redirects ? MOST_REDIRECTS : 0,
        maxBytes: MOST_BYTES,
      },
      context,
    );
  let method: string = input.method ?? (input.expected_text === undefined ? 'HEAD' : 'GET');
  let response = await ask(method);
  if (
    method === 'HEAD' &&
    input.method === undefined &&
    NO_HEAD.has(response.status) &&
    !isExpected(response.status)
  ) {
    method = 'GET';
    response = await ask(method);
  }
  const problem = problemWith(response, isExpected, input.expected_text);
  return {
    available: problem === undefined,
    status: `HTTP ${response.status}${response.statusText ? ` ${response.statusText}` : ''}`,
    error: problem,
    metadata: describe(response, method),
  };
}

function problemWith(
  response: GuardedResponse,
  isExpected: (status: number) => boolean,
  text: string | undefined,
): string | undefined {
  if (!isExpected(response.status)) return `The status ${response.status} is not expected`;
  if (text !== undefined && !Buffer.from(response.body).includes(text))
    return 'The expected text is not there';
  return undefined;
}

function describe({ status, headers, url, redirects }: GuardedResponse, method: string): Finding['metadata'] {
  return {
    status_code: status,
    method,
    content_type: headers['content-type'] ?? null,
    url,
    redirects,
    ...(headers.location !== undefined && { location: headers.location }),
  };
}
