import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { noUsage } from '../core/events.js';
import { cancelled } from './deadline.js';
import { type Extract, extractAnswer, type Quote } from './extract/answer.js';
import { readTask } from './extract/request.js';
import type { LanguageModel, ModelEvent, ModelRequest, ProviderSettings } from './model.js';

const NO_MODEL = "Extract made offline, not a language model's own words.";
const NO_TEXT = `No language model was asked: offline/extract can only quote from text that it is given, and there is none here. \
Put the text into the prompt, as <document path="notes.md">…</document>, or choose a model such as openai/gpt-4o-mini or ollama/llama3.2.`;

/** The model that needs nothing: it quotes the most relevant sentences of the given text, and says so. */
export function extractModel(settings: ProviderSettings, model: string): LanguageModel {
  return { provider: settings.name, model, ask: (request, context) => ask(request, context) };
}

async function* ask(request: ModelRequest, context: ExecutionContext): AsyncIterable<ModelEvent> {
  if (request.responseSchema)
    throw fail('provider.bad_request', 'offline/extract cannot answer in a structure; it only quotes text', {
      hint: 'Choose a real model for structured answers, or mock/script in tests.',
    });
  for (const piece of answer(request).match(/\S+\s*|\s+/g) ?? []) {
    if (context.signal.aborted) throw cancelled(context.signal.reason);
    yield { type: 'text', text: piece };
  }
  yield { type: 'finish', reason: 'stop', usage: noUsage() };
}

function answer(request: ModelRequest): string {
  const { question, documents } = readTask(request.messages);
  if (documents.length === 0) return NO_TEXT;
  const extract = extractAnswer(question, documents);
  if (extract.kind !== 'nothing')
    return `${NO_MODEL} ${introduction(extract)}\n\n${extract.quotes.map(quoted).join('\n')}`;
  const paths = documents.map(({ path }) => path).join(', ');
  return `${NO_MODEL} Nothing in the given text (${paths}) answers the question.`;
}

function introduction({ kind }: Extract): string {
  return kind === 'answer' ? 'The given text says:' : 'The sentences that say most about the given text:';
}

function quoted({ text, citation, kind }: Quote): string {
  if (kind === 'code') return `${text}\n[${citation}]`;
  return `${kind === 'item' ? '- ' : ''}${text} [${citation}]`;
}
