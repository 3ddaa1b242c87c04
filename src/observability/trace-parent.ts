import type { Context } from '@opentelemetry/api';
import type { OpenTelemetryApi } from './spans.js';

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The context of a W3C `traceparent`; `active` as it is when a span is active there, or the text is none. */
export function parentFrom(api: OpenTelemetryApi, active: Context, traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(traceparent?.trim() ?? '') ?? [];
  if (!traceId || !spanId || !flags || api.trace.getSpanContext(active)) return active;
  return api.trace.setSpanContext(active, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & api.TraceFlags.SAMPLED,
    isRemote: true,
  });
}
