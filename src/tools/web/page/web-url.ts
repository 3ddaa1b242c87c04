import { fail, type LlmspellError } from '../../../core/errors.js';

/**
 * Reads the address of a page. Raises `input.invalid` for what is no http or https URL and for one that
 * carries credentials, which are never repeated in the message.
 */
export function webUrl(text: string): URL {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) throw invalid(`'${withoutUserInfo(trimmed)}' is no URL`);
  const url = new URL(trimmed);
  if (!isWeb(url)) throw invalid(`Blocked scheme '${url.protocol.slice(0, -1)}'`);
  if (url.username || url.password) throw invalid('it contains a user name or password');
  return url;
}

/** Whether a URL is one that pages have. */
export function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** What a reference on a page leads to; undefined for what is no URL. */
export function absoluteUrl(reference: string, base: string): URL | undefined {
  const trimmed = reference.trim();
  return URL.canParse(trimmed, base) ? new URL(trimmed, base) : undefined;
}

/** The text with everything between `//` and `@` masked: it may be a password, URL or not. */
export function withoutUserInfo(text: string): string {
  const shown = text.replace(/\/\/[^/?#]*@/, '//***@');
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}

function invalid(why: string): LlmspellError {
  return fail('input.invalid', `URL validation failed: Invalid URL: ${why}`, {
    hint: 'A page URL must start with http:// or https:// and hold no user name.',
  });
}
