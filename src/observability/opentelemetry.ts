import { fail } from '../core/errors.js';
import type { RunObserver } from '../core/journal.js';
import { VERSION } from '../core/version.js';
import { GENAI_SEMCONV_VERSION } from './genai.js';
import { type OpenTelemetryApi, RunSpans } from './spans.js';
import { parentFrom } from './trace-parent.js';

/** How spans are made. */
export interface OpenTelemetryOptions {
  /** Put what was given to components, and what they answered, into attributes; false when absent. */
  content?: boolean | undefined;
  /** What runs are a part of where no span of the program is active, in the form of the header `traceparent`. */
  traceparent?: string | undefined;
}

/**
 * Makes spans of every run with whatever SDK the process has registered; without one nothing comes of them.
 * A run becomes a part of the span that is active when it begins.
 * @throws `feature.missing` when `@opentelemetry/api` is not installed
 */
export async function openTelemetry(options: OpenTelemetryOptions = {}): Promise<RunObserver> {
  const api = await loadApi();
  const tracer = api.trace.getTracerProvider().getTracer('llmspell', VERSION, {
    schemaUrl: `https://opentelemetry.io/schemas/${GENAI_SEMCONV_VERSION}`,
  });
  return {
    begin: (info) => {
      const parent = parentFrom(api, api.context.active(), options.traceparent);
      const spans = new RunSpans(info, { api, tracer, parent, content: options.content ?? false });
      return { event: (event) => spans.event(event), end: async () => spans.end() };
    },
  };
}

async function loadApi(): Promise<OpenTelemetryApi> {
  try {
    return await import('@opentelemetry/api');
  } catch (cause) {
    throw fail('feature.missing', 'Spans need @opentelemetry/api', {
      hint: 'Install it beside the SDK: npm install @opentelemetry/api, or set tracing.opentelemetry = false.',
      cause,
    });
  }
}
