import { z } from 'zod';
import { fail } from '../../core/errors.js';
import { isRecord, type JsonObject } from '../../core/values.js';
import { defineTool } from '../define.js';
import { guardTemplate } from './template/guard.js';
import { detectEngine, renderTemplate, type TemplateEngine } from './template/render.js';

const ENGINE_NAMES: Readonly<Record<string, TemplateEngine>> = {
  tera: 'tera',
  jinja: 'tera',
  handlebars: 'handlebars',
  hbs: 'handlebars',
};

const input = z.object({
  input: z.string().describe('The template'),
  context: z.unknown().optional().describe('An object with the values of the template’s variables'),
  engine: z.string().optional().describe('tera (Jinja-like) or handlebars; detected when absent'),
  auto_detect: z.boolean().default(true).describe('false: tera unless an engine is named'),
});
type Input = z.output<typeof input>;

/** Fills templates; values are HTML-escaped, missing ones are an error. */
export default defineTool({
  name: 'template-creator',
  aliases: ['template-engine'],
  category: 'utility',
  level: 'restricted',
  description: 'Fills Tera (Jinja-like) and Handlebars templates with values, HTML-escaped.',
  capabilities: [],
  cost: 'process',
  input,
  parameterAliases: { template: 'input', data: 'context', variables: 'context' },
  timeoutMs: 10_000,
  samples: [
    {
      title: 'A loop in Tera syntax',
      input: { input: '{% for n in names %}{{ n | upper }} {% endfor %}', context: { names: ['a', 'b'] } },
      expect: { success: true, result: { rendered: 'A B ', engine: 'tera' } },
    },
    {
      title: 'Handlebars with a condition and a helper',
      input: {
        input: '{{#if loud}}{{uppercase name}}{{else}}{{name}}{{/if}}',
        context: { loud: true, name: 'Alice' },
      },
      expect: { result: { rendered: 'ALICE', engine: 'handlebars' } },
    },
    {
      title: 'Values are escaped',
      input: { template: '<p>{{ text }}</p>', variables: { text: '<script>' } },
      expect: { result: { rendered: '<p>&lt;script&gt;</p>' } },
    },
    { title: 'A variable that is missing', input: { input: 'Hello {{ name }}' }, error: 'tool.failed' },
  ],
  run: async (request, { signal }) => {
    const context: JsonObject = isRecord(request.context) ? (request.context as JsonObject) : {};
    const contextJson = JSON.stringify(context);
    guardTemplate(request.input, contextJson);
    const engine = chosenEngine(request);
    const rendered = await renderTemplate(engine, request.input, context, signal);
    const template_length = request.input.length;
    return {
      operation: 'render_template',
      result: { rendered, engine, template_length, context_size: contextJson.length },
      text: rendered,
      message: `Template rendered with ${engine}`,
      metadata: { engine, template_length },
    };
  },
});

function chosenEngine({ engine, auto_detect, input: template }: Input): TemplateEngine {
  if (engine === undefined) return auto_detect ? detectEngine(template) : 'tera';
  const name = engine.toLowerCase();
  if (Object.hasOwn(ENGINE_NAMES, name)) return ENGINE_NAMES[name]!;
  throw fail('input.invalid', `Unknown template engine: '${engine}'`, { hint: 'Use tera or handlebars.' });
}
