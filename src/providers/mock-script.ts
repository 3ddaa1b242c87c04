import { z } from 'zod';
import { fail, isErrorCode } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import type { ProviderSettings } from './model.js';

const answerSchema = z.strictObject({
  text: z.string().default(''),
  reasoning: z.string().default(''),
  tool_calls: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        arguments: z.record(z.string(), z.unknown()).default({}),
        id: z.string().optional(),
      }),
    )
    .default([]),
  /** An error code to fail with instead of answering. */
  error: z.string().refine(isErrorCode, 'is not an error code').optional(),
  message: z.string().optional(),
  /** Milliseconds of silence before the answer. */
  delay_ms: z.number().min(0).default(0),
  /** The pieces in which the text is streamed, instead of `text`. */
  chunks: z.array(z.string()).default([]),
  usage: z.strictObject({ input_tokens: z.number().min(0), output_tokens: z.number().min(0) }).optional(),
});

/** One scripted answer, complete. */
export type MockAnswer = z.output<typeof answerSchema>;

const scriptSchema = z.array(
  z.union([z.string().transform((text) => answerSchema.parse({ text })), answerSchema]),
);

/**
 * The answers configured for a mock model: `scripts.<model>` before `script`; undefined when there are none.
 * @throws `config.invalid`
 */
export function mockScript(settings: ProviderSettings, model: string): MockAnswer[] | undefined {
  const scripts = settings.options.scripts as JsonObject | undefined;
  const raw: JsonValue | undefined = scripts?.[model] ?? settings.options.script;
  if (raw === undefined) return undefined;
  const parsed = scriptSchema.min(1).safeParse(raw);
  if (parsed.success) return parsed.data;
  throw fail(
    'config.invalid',
    `The script of mock model '${model}' is wrong: ${z.prettifyError(parsed.error)}`,
    {
      hint: 'A script is a list of texts or of { text, tool_calls = [{ name, arguments }], error, delay_ms, chunks }.',
    },
  );
}
