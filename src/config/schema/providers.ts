import { z } from 'zod';
import { count, flag, openTable, positive, real, table, text } from './fields.js';

const rateLimit = table('How fast requests may be sent.', {
  requests_per_minute: count('Requests a minute.'),
  tokens_per_minute: count('Tokens a minute.').optional(),
  auto_retry: flag('Wait and repeat when the provider says that the limit is reached.'),
});

const retry = table('How failed requests are repeated.', {
  max_retries: count('Further attempts after the first.', 0),
  initial_delay_ms: count('Milliseconds before the first repetition.', 0),
  max_delay_ms: count('Longest pause in milliseconds.', 0),
  backoff_multiplier: positive('Factor by which the pause grows with each repetition.'),
});

/** `[providers.NAME]`. */
export const providerEntry = openTable(
  'A model provider. Keys not listed here are handed to its implementation.',
  {
    name: z.string().describe('Name to show. Default: the name of the table.'),
    provider_type: text(
      'Which implementation answers, e.g. `openai`, `anthropic`, `ollama`, `openai-compatible`. May be left out when the table is named after one.',
    ),
    enabled: flag('False hides the provider from spells.'),
    base_url: z
      .url({ protocol: /^https?$/ })
      .describe('Where the service is, e.g. `http://localhost:11434`.')
      .optional(),
    api_key_env: text('Name of the environment variable that holds the key.').optional(),
    api_key: z
      .string()
      .describe('The key itself. Prefer `api_key_env`: a file is easily shared by mistake.')
      .optional(),
    default_model: text(
      'Model to use when a spell names only the provider. `model` is accepted too.',
    ).optional(),
    max_tokens: count('Most tokens of one answer.').optional(),
    temperature: real('How freely the model chooses words.', 0, 2).optional(),
    top_p: real('Share of the probability from which words are drawn.', 0, 1).optional(),
    top_k: count('Number of candidates from which words are drawn.').optional(),
    timeout_seconds: count('Seconds without any answer before a request is given up.').optional(),
    max_retries: count(
      'Further attempts after a failed one. `retry.max_retries` wins if both are set.',
      0,
    ).optional(),
    streaming: flag('False sends plain requests, for gateways that cannot stream.'),
    rate_limit: rateLimit.optional(),
    retry: retry.optional(),
  },
  z.unknown(),
);

/** `[providers]`. */
export const providers = openTable(
  'Model providers, one table each.',
  {
    default_provider: text('Provider for models that are named without one.').optional(),
  },
  providerEntry,
);
