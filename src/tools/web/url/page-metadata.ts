import type { ExecutionContext } from '../../../core/context.js';
import { LlmspellError } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import type { GuardedResponse } from '../../../security/network.js';
import type { ToolHost } from '../../host.js';
import { Visitor } from '../page/visitor.js';

/** What the server says about an address, or why it says nothing. Raises what is not granted. */
export async function pageMetadata(
  url: URL,
  timeout: number,
  context: ExecutionContext,
  host: ToolHost,
): Promise<JsonObject> {
  const visitor = new Visitor(context, host, { respectRobots: false, timeout });
  try {
    return { metadata: described(await visitor.fetch(url, { method: 'HEAD' }), url) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof LlmspellError) || error.code.startsWith('permission.')) throw error;
    return { metadata: null, metadata_error: error.message };
  }
}

function described(response: GuardedResponse, url: URL): JsonObject {
  const { status, statusText, headers, redirects } = response;
  const length = Number(headers['content-length']);
  return {
    status_code: status,
    status_text: statusText,
    is_success: status >= 200 && status < 300,
    is_redirect: status >= 300 && status < 400,
    ...present('content_type', headers['content-type']),
    ...(headers['content-length'] !== undefined &&
      Number.isSafeInteger(length) && { content_length: length }),
    ...present('server', headers.server),
    ...present('last_modified', headers['last-modified']),
    ...present('etag', headers.etag),
    ...present('redirect_location', redirects.length > 0 ? response.url : headers.location),
    final_url: response.url,
    redirects,
    redirected: response.url !== url.href,
  };
}

function present(name: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
