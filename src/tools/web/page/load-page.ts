import { fail } from '../../../core/errors.js';
import type { GuardedResponse } from '../../../security/network.js';
import { decodePage } from './charset.js';
import { type PageRequest, requireSuccess, type Visitor } from './visitor.js';

/** What a page is to a reader. */
export type PageKind = 'html' | 'xml' | 'text';

/** A fetched page as text. */
export interface LoadedPage {
  /** Where it came from, after redirects. */
  url: string;
  kind: PageKind;
  text: string;
  charset: string;
  contentType: string;
  response: GuardedResponse;
}

const ACCEPT = 'text/html, application/xhtml+xml, application/xml;q=0.9, text/*;q=0.8, */*;q=0.5';

/**
 * Fetches a page and decodes it.
 * @param charset overrides what the page says
 * @throws `tool.failed` for a status that is no success and for what is no text
 */
export async function loadPage(
  visitor: Visitor,
  url: URL,
  request: PageRequest,
  charset?: string,
): Promise<LoadedPage> {
  const response = await visitor.fetch(url, { accept: ACCEPT, ...request });
  requireSuccess(response);
  const contentType = response.headers['content-type'] ?? '';
  const decoded = await decodePage(response.body, contentType, charset);
  return {
    url: response.url,
    kind: kindOf(contentType, decoded.text, response),
    ...decoded,
    contentType,
    response,
  };
}

function kindOf(contentType: string, text: string, { url }: GuardedResponse): PageKind {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml')) return 'xml';
  if (type === '') return /^\s*<(?:!doctype|html|head|body|!--)/i.test(text) ? 'html' : 'text';
  if (type.startsWith('text/') || /^application\/(?:.*\+)?(?:json|javascript|yaml|toml)$/.test(type))
    return 'text';
  throw fail('tool.failed', `${url} is no web page: its content type is '${type}'`, {
    hint: 'http-requester fetches files of any kind.',
    details: { content_type: type, url },
  });
}
