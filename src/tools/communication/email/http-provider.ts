import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { type GuardedResponse, guardedRequest } from '../../../security/network.js';

/** What to ask of a provider. */
export interface ProviderRequest {
  /** How messages name the provider. */
  provider: string;
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
}

/** Asks a provider; anything but 2xx is `tool.failed` with what it said. Nothing is asked twice: a mail might come twice. */
export async function askProvider(
  request: ProviderRequest,
  context: ExecutionContext,
): Promise<GuardedResponse> {
  const { provider, url, method, headers, body, timeoutMs } = request;
  const response = await guardedRequest(
    url,
    { method, headers, body, timeoutMs, maxRedirects: 0, maxBytes: 1_000_000 },
    context,
  );
  if (response.status >= 200 && response.status < 300) return response;
  const said = complaintIn(response) || response.statusText;
  throw fail('tool.failed', `${provider} refused with ${response.status}: ${said}`, {
    details: { status: response.status },
    ...((response.status === 401 || response.status === 403) && {
      hint: 'Check the key and what it may do.',
    }),
  });
}

/** Providers explain themselves in JSON: `{ message }`, `{ Message }` or `{ errors: [{ message }] }`. */
function complaintIn(response: GuardedResponse): string {
  const text = Buffer.from(response.body).toString();
  try {
    const data = JSON.parse(text) as { message?: string; Message?: string; errors?: { message?: string }[] };
    const messages = [data.message, data.Message, ...(data.errors ?? []).map(({ message }) => message)];
    return messages.filter((message) => typeof message === 'string').join('; ');
  } catch {
    return text.slice(0, 200);
  }
}
