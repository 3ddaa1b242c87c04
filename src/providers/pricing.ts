import type { JsonObject } from '../core/values.js';
import { isRecord } from '../core/values.js';
import type { ProviderSettings } from './model.js';

/** US dollars per million tokens. */
export interface Price {
  input: number;
  output: number;
  /** Price of input tokens read from the provider's cache; the full input price when absent. */
  cached?: number | undefined;
}

/** Tokens of one answer, as far as they were counted. */
export interface TokenCounts {
  inputTokens: number;
  outputTokens: number;
  /** The part of `inputTokens` that came from the provider's cache. */
  cachedTokens?: number | undefined;
}

type Row = readonly [model: string, input: number, output: number, cached?: number];

/** List prices by model, per provider type. A dated name (`gpt-4o-2024-08-06`) has the price of its family. */
const PRICES: Readonly<Record<string, readonly Row[]>> = {
  openai: [
    ['gpt-5.1', 1.25, 10, 0.125],
    ['gpt-5', 1.25, 10, 0.125],
    ['gpt-5-mini', 0.25, 2, 0.025],
    ['gpt-5-nano', 0.05, 0.4, 0.005],
    ['gpt-4.1', 2, 8, 0.5],
    ['gpt-4.1-mini', 0.4, 1.6, 0.1],
    ['gpt-4.1-nano', 0.1, 0.4, 0.025],
    ['gpt-4o', 2.5, 10, 1.25],
    ['gpt-4o-mini', 0.15, 0.6, 0.075],
    ['gpt-4-turbo', 10, 30],
    ['gpt-4-32k', 60, 120],
    ['gpt-4', 30, 60],
    ['gpt-3.5-turbo', 0.5, 1.5],
    ['o1', 15, 60, 7.5],
    ['o1-mini', 1.1, 4.4, 0.55],
    ['o3', 2, 8, 0.5],
    ['o3-mini', 1.1, 4.4, 0.55],
    ['o4-mini', 1.1, 4.4, 0.275],
  ],
  anthropic: [
    ['claude-opus-4-5', 5, 25, 0.5],
    ['claude-opus-4-1', 15, 75, 1.5],
    ['claude-opus-4', 15, 75, 1.5],
    ['claude-3-opus', 15, 75, 1.5],
    ['claude-sonnet-4-5', 3, 15, 0.3],
    ['claude-sonnet-4', 3, 15, 0.3],
    ['claude-3-7-sonnet', 3, 15, 0.3],
    ['claude-3-5-sonnet', 3, 15, 0.3],
    ['claude-3-sonnet', 3, 15],
    ['claude-haiku-4-5', 1, 5, 0.1],
    ['claude-3-5-haiku', 0.8, 4, 0.08],
    ['claude-3-haiku', 0.25, 1.25, 0.03],
  ],
  cohere: [
    ['command-r', 0.15, 0.6],
    ['command-r-plus', 2.5, 10],
    ['command', 1.5, 2],
  ],
};

/** What may follow a family's name without changing its price: nothing, a date, `-latest`. */
const DATED = /^(-\d{4}(-\d{2}-\d{2})?|-\d{8}|-latest)?$/;

/** The list price of a model; undefined when it is not known, which counts as free. */
export function priceOf(providerType: string, model: string): Price | undefined {
  const row = PRICES[providerType]?.find(
    ([name]) => model.startsWith(name) && DATED.test(model.slice(name.length)),
  );
  return row && { input: row[1], output: row[2], cached: row[3] };
}

/** What a provider's tokens cost: the table's `price = { input = …, output = … }` before the list price. */
export function configuredPrice(settings: ProviderSettings, model: string): Price | undefined {
  return priceFrom(settings.options.price) ?? priceOf(settings.type, model);
}

/** US dollars for a number of tokens; 0 when the model's price is not known. */
export function costOf(price: Price | undefined, tokens: TokenCounts): number {
  if (!price) return 0;
  const cached = Math.min(tokens.cachedTokens ?? 0, tokens.inputTokens);
  const input = (tokens.inputTokens - cached) * price.input + cached * (price.cached ?? price.input);
  return (input + tokens.outputTokens * price.output) / 1_000_000;
}

function priceFrom(value: JsonObject[string] | undefined): Price | undefined {
  if (!isRecord(value)) return undefined;
  const { input, output, cached } = value;
  if (typeof input !== 'number' || typeof output !== 'number') return undefined;
  return { input, output, cached: typeof cached === 'number' ? cached : undefined };
}
