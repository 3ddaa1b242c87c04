import { domainToUnicode } from 'node:url';
import { fail, type LlmspellError } from '../../../core/errors.js';
import { type JsonObject, setOwn } from '../../../core/values.js';
import { addressFamily, specialAddress } from '../../../security/addresses.js';
import { withoutUserInfo } from '../page/web-url.js';

/** Parameters of a query that are returned. */
const MOST_PARAMETERS = 10_000;

/** Reads an absolute http or https address. Raises `input.invalid`, without repeating credentials. */
export function analyzableUrl(text: string): URL {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) throw invalid(trimmed);
  const url = new URL(trimmed);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw fail('input.invalid', `Unsupported URL scheme '${url.protocol.slice(0, -1)}'`, {
      hint: 'Only http and https URLs are analyzed.',
    });
  return url;
}

/** The parts of an address. Passwords are left out, and so are user names that look like keys. */
export function urlParts(original: string, url: URL, decode: boolean): JsonObject {
  const { parameters, duplicates, list } = queryOf(url, decode);
  return {
    valid: true,
    original: withoutCredentials(original.trim(), url),
    normalized: maskedUrl(url),
    scheme: url.protocol.slice(0, -1),
    host: url.hostname,
    port: url.port ? Number(url.port) : null,
    effective_port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    origin: url.origin,
    path: url.pathname,
    path_segments: url.pathname.split('/').filter(Boolean).map(decoded),
    query: url.search ? url.search.slice(1) : null,
    fragment: url.hash ? url.hash.slice(1) : null,
    query_params: parameters,
    query_list: list,
    duplicate_params: duplicates,
    host_details: hostDetails(url.hostname),
    ...credentials(url),
  };
}

/** The address without user name and password. */
export function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function invalid(text: string): LlmspellError {
  const relative = text !== '' && !text.includes('://') && URL.canParse(text, 'http://host/');
  const why = relative ? 'it is relative; an absolute URL is needed' : 'it cannot be read';
  return fail('input.invalid', `Invalid URL '${withoutUserInfo(text)}': ${why}`, {
    hint: 'Write it as https://host/path.',
  });
}

function queryOf(url: URL, decode: boolean) {
  const pairs = decode ? [...url.searchParams] : rawPairs(url.search);
  const parameters: Record<string, string> = {};
  const times = new Map<string, number>();
  for (const [name, value] of pairs) {
    setOwn(parameters, name, value);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return {
    parameters,
    duplicates: [...times].filter(([, count]) => count > 1).map(([name]) => name),
    list: pairs.slice(0, MOST_PARAMETERS).map(([name, value]) => ({ name, value })),
  };
}

function rawPairs(search: string): [string, string][] {
  const parts = search.slice(1).split('&').filter(Boolean);
  return parts.map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  });
}

function hostDetails(host: string): JsonObject {
  const family = addressFamily(host);
  if (family !== 0) {
    const special = specialAddress(host);
    return {
      type: family === 6 ? 'ipv6' : 'ipv4',
      value: host.replace(/^\[|\]$/g, ''),
      is_ip: true,
      is_public: special === undefined,
      ...(special !== undefined && { special }),
    };
  }
  const unicode = domainToUnicode(host);
  const labels = host.split('.').filter(Boolean);
  return {
    type: 'domain',
    value: host,
    is_ip: false,
    is_idn: labels.some((label) => label.startsWith('xn--')),
    unicode,
    punycode: host,
    labels,
    tld: labels.at(-1) ?? '',
  };
}

function credentials({ username, password }: URL): JsonObject {
  if (!username && !password) return {};
  const name = decoded(username);
  return {
    has_auth: true,
    has_password: password !== '',
    username: looksLikeKey(name, password) ? '***' : name,
  };
}

/** Keys stand where names do: alone (`https://KEY@host`), or as long runs of letters and digits. */
function looksLikeKey(name: string, password: string): boolean {
  return password === '' || password === 'x-oauth-basic' || /^[\w-]{20,}$/.test(name);
}

function maskedUrl(url: URL): string {
  if (!url.username && !url.password) return url.href;
  return withoutUser(url).href.replace('://', '://***@');
}

function withoutCredentials(original: string, url: URL): string {
  return url.username || url.password ? maskedUrl(url) : original;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}
