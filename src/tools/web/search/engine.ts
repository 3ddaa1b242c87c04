import type { JsonValue } from '../../../core/values.js';

/** What is searched for. */
export type SearchKind = 'web' | 'news' | 'images';

/** What to search for, as every engine gets it. */
export interface SearchQuery {
  text: string;
  kind: SearchKind;
  /** How many hits are wanted; an engine may give fewer. */
  count: number;
  /** Leave out adult content. */
  safe: boolean;
  /** `en`, or with a region `en-GB`. */
  language: string;
}

/** One hit. */
export interface SearchHit {
  title: string;
  url: string;
  snippet: string;
  /** Where an engine tells apart what it gives; its name when absent. */
  provider?: string;
  /** Of images: the picture itself; `url` is the page that shows it. */
  image_url?: string;
  thumbnail_url?: string;
  source?: string;
  published?: string;
}

/** A request to an engine. */
export interface EngineRequest {
  /** Below the engine's base address; parameters that are undefined are left out. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Makes it a POST: a form, or JSON. */
  form?: Readonly<Record<string, string>>;
  json?: JsonValue;
  /** Another base address than the engine's own. */
  baseUrl?: string;
}

/** What an engine is lent for a search. */
export interface EngineAccess {
  /** The API key; empty for engines that need none. */
  readonly key: string;
  /** A second identifier, where the engine has one. */
  readonly id: string;
  /** The text of a 2xx answer. @throws `tool.failed`, `permission.net` */
  text(request: EngineRequest): Promise<string>;
  /** The JSON of a 2xx answer. */
  json(request: EngineRequest): Promise<JsonValue>;
}

/** A search engine. */
export interface SearchEngine {
  readonly name: string;
  readonly baseUrl: string;
  /** Variables that may hold the key, first one first; none for engines that need no key. */
  readonly keyVariables: readonly string[];
  /** The variable of the second identifier. */
  readonly idVariable?: string;
  /** The most hits of one request. */
  readonly maxResults: number;
  /** At most `count` searches in `perMs` milliseconds. */
  readonly rate?: { count: number; perMs: number };
  /** Contract: gives hits in the engine's order; raises when the answer is none. */
  search(query: SearchQuery, access: EngineAccess): Promise<SearchHit[]>;
}
