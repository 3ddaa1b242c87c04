import type { Usage } from '../core/events.js';
import { noUsage } from '../core/events.js';
import type { ModelMessage, ModelRequest } from './model.js';
import { costOf, type Price, type TokenCounts } from './pricing.js';

/** Characters per token, the usual rule of thumb. */
const CHARS_PER_TOKEN = 4;
/** What an image counts for in an estimate. */
const TOKENS_PER_IMAGE = 1000;

/** Usage that the provider counted; `unknown` when it counted nothing, whatever numbers stand there. */
export function countedUsage(tokens: Partial<TokenCounts>, price: Price | undefined): Usage {
  const counts = { inputTokens: tokens.inputTokens ?? 0, outputTokens: tokens.outputTokens ?? 0 };
  if (counts.inputTokens + counts.outputTokens === 0) return noUsage();
  const costUsd = costOf(price, { ...counts, cachedTokens: tokens.cachedTokens });
  return { ...counts, costUsd, source: 'provider' };
}

/** Usage by the length of what was sent and received, for providers that do not count. */
export function estimateUsage(request: ModelRequest, received: string, price: Price | undefined): Usage {
  const sent = request.messages.reduce((sum, message) => sum + messageTokens(message), 0);
  const tools = request.tools ? tokensOf(JSON.stringify(request.tools)) : 0;
  const counts = { inputTokens: sent + tools, outputTokens: tokensOf(received) };
  return { ...counts, costUsd: costOf(price, counts), source: 'estimated' };
}

function messageTokens(message: ModelMessage): number {
  const media = message.role === 'user' ? (message.media?.length ?? 0) * TOKENS_PER_IMAGE : 0;
  const calls = message.role === 'assistant' && message.toolCalls ? JSON.stringify(message.toolCalls) : '';
  return tokensOf(message.text) + tokensOf(calls) + media;
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}
