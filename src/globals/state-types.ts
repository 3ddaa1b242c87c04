import { z } from 'zod';
import type { SaveOptions } from '../state/state-access.js';
import { number, text } from './types.js';

/** The parameter `scope`. */
export const scope = () => text().describe('`global`, `custom`, `workflow:<id>`, `agent:<id>` or any text.');

/** The parameter `key`. */
export const key = () => text().describe('The key inside the scope.');

const ttl = () => number().optional().describe('Seconds after which the entry is gone.');

/** The parameter `options` of everything that writes. */
export const saveOptions = () =>
  z
    .preprocess(
      (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
      z.strictObject({ ttl_seconds: ttl() }),
    )
    .optional()
    .describe('`ttl_seconds`: after so many seconds the entry is gone.');

/** Whether a value can only be meant as {@link saveOptions}: a table of `ttl_seconds` and nothing else. */
export function isOptions(value: unknown): value is { ttl_seconds: number } {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && typeof (value as { ttl_seconds?: unknown }).ttl_seconds === 'number';
}

/** What the state is told of {@link saveOptions}. */
export function optionsOf(options: { ttl_seconds?: number | undefined } | undefined): SaveOptions {
  return { ttlSeconds: options?.ttl_seconds };
}

/** A change as the function of `State.watch` gets it. */
export const CHANGE_SIGNATURE =
  '(change: { scope: string; key: string; operation: string; value?: any; missed: number }) => void';
