import { bing } from './bing.js';
import { brave } from './brave.js';
import { duckduckgo } from './duckduckgo.js';
import type { SearchEngine } from './engine.js';
import { google } from './google.js';
import { serpapi } from './serpapi.js';
import { serperdev } from './serperdev.js';
import { tavily } from './tavily.js';

/** Every engine by name. */
export const ENGINES: ReadonlyMap<string, SearchEngine> = new Map(
  [tavily, serperdev, brave, bing, serpapi, duckduckgo, google].map((engine) => [engine.name, engine]),
);

/** Asked one after the other when the preferred engine gives nothing. Google's daily share is too small for that. */
export const FALLBACKS: readonly SearchEngine[] = [tavily, serperdev, brave, bing, serpapi, duckduckgo];
