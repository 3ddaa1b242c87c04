import { createRequire } from 'node:module';
import { fail } from '../../../core/errors.js';
import type { JsonObject } from '../../../core/values.js';
import { runInWorker } from '../../worker.js';
import { HANDLEBARS_SOURCE } from './handlebars-source.js';
import { TERA_SOURCE } from './tera-source.js';

/** A template engine. */
export type TemplateEngine = 'tera' | 'handlebars';

/** Milliseconds a template may render. */
const RENDER_TIMEOUT_MS = 5000;

type Reply = { rendered: string } | { stage: 'syntax' | 'render'; message: string };

const ENGINES = {
  tera: { module: 'nunjucks', source: TERA_SOURCE, title: 'Tera' },
  handlebars: { module: 'handlebars', source: HANDLEBARS_SOURCE, title: 'Handlebars' },
} as const;

/** Handlebars when the template has one of its blocks or partials, Tera otherwise. */
export function detectEngine(template: string): TemplateEngine {
  return /\{\{[#/>]/.test(template) ? 'handlebars' : 'tera';
}

/**
 * Fills a template in a thread of its own, where it can neither reach the program nor run for ever.
 * @throws `input.invalid` for a template that cannot be read, `tool.failed` for one that cannot be filled with
 *   this context, `component.timeout`, `limit.memory`, or the signal's reason.
 */
export async function renderTemplate(
  engine: TemplateEngine,
  template: string,
  context: JsonObject,
  signal: AbortSignal,
): Promise<string> {
  const { module, source, title } = ENGINES[engine];
  const path = createRequire(import.meta.url).resolve(module);
  const limits = { timeoutMs: RENDER_TIMEOUT_MS, signal };
  const reply = await runInWorker<Reply>(source, { path, template, context }, limits);
  if ('rendered' in reply) return reply.rendered;
  const message = oneLine(reply.message);
  if (reply.stage === 'syntax') throw fail('input.invalid', `Invalid ${title} template: ${message}`);
  throw fail('tool.failed', `Template rendering failed: ${message}`);
}

/** The engine's message without the frames it puts around its own errors. */
function oneLine(message: string): string {
  return message
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^Template render error: \(\w+\) /, '')
    .replace(/^(\[Line \d+, Column \d+\] )?Error: /, '$1');
}
