import { fail } from '../../../core/errors.js';

/** The largest template and context, in bytes. */
export const MAX_TEMPLATE_BYTES = 1024 * 1024;
/** The largest context as JSON, in bytes. */
export const MAX_CONTEXT_BYTES = 10 * 1024 * 1024;

const TAG = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
const DANGEROUS = /\b(?:system|exec|eval|get_env|subprocess|__import__)\s*\(|\bos\.system\b|__\w+__/;

/**
 * Refuses what is too large and tags that reach for the host. Rendering has no host to reach; the refusal
 * tells an injected template from a mistake.
 * @throws `value.too_large`, `input.invalid`
 */
export function guardTemplate(template: string, contextJson: string): void {
  limitSize('Template', Buffer.byteLength(template), MAX_TEMPLATE_BYTES);
  limitSize('Context', Buffer.byteLength(contextJson), MAX_CONTEXT_BYTES);
  for (const [tag] of template.matchAll(TAG)) {
    const found = DANGEROUS.exec(tag);
    if (found) throw fail('input.invalid', `Template injection: dangerous pattern '${found[0]}' in ${tag}`);
  }
}

function limitSize(what: string, size: number, max: number): void {
  if (size > max) throw fail('value.too_large', `${what} size ${size} exceeds maximum of ${max} bytes`);
}
