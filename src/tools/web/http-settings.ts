import type { ToolHost } from '../host.js';
import { lowerCase } from './http-parameters.js';

/** What the configuration says about requests: what holds when a call says nothing, and how large one may be. */
export interface HttpSettings {
  timeoutMs: number;
  maxRedirects: number;
  /** Names in lower case. */
  defaultHeaders: Record<string, string>;
  /** The most bytes of a request or an answer, whatever a call asks for; no limit of its own when absent. */
  maxBytes: number | undefined;
  /** Attempts in all where a call says nothing about retries; 3 unless configured. */
  maxAttempts: number | undefined;
}

/** Seconds that `tools.http_request.timeout_seconds` has when nobody wrote it. */
const DEFAULT_TIMEOUT_SECONDS = 30;

/** Reads `[tools.http_request]` and `[tools.network]`. */
export function httpSettings({ config }: ToolHost): HttpSettings {
  const { http_request: http = {}, network } = config;
  return {
    timeoutMs: timeoutSeconds(http.timeout_seconds, network?.timeout_seconds) * 1000,
    maxRedirects: http.max_redirects ?? 5,
    defaultHeaders: lowerCase((http.default_headers as Record<string, string> | undefined) ?? {}),
    maxBytes: http.max_request_size,
    maxAttempts: network?.max_retries === undefined ? undefined : network.max_retries + 1,
  };
}

/** The special setting wins over the general one, unless it only has its default. */
function timeoutSeconds(special: number | undefined, general: number | undefined): number {
  if (special !== undefined && special !== DEFAULT_TIMEOUT_SECONDS) return special;
  return general ?? special ?? DEFAULT_TIMEOUT_SECONDS;
}
