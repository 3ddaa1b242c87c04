import { basename } from 'node:path';
import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonValue } from '../../core/values.js';
import { readFileGuarded } from '../../security/files.js';
import { readPath } from '../parameters.js';

/** One part of a `multipart/form-data` body. */
export const partSchema = z
  .object({
    name: z.string().min(1).describe('The field.'),
    value: z.string().optional().describe('Its text.'),
    file: readPath('The file to send instead of a text.').optional(),
    filename: z.string().optional().describe("The file's name for the server; its own when absent."),
    content_type: z.string().optional().describe('The media type of the part.'),
  })
  .refine((part) => (part.value === undefined) !== (part.file === undefined), {
    error: 'a part has either a value or a file',
  });
type Part = z.output<typeof partSchema>;

/** What is sent, and the headers that describe it (names in lower case). */
export interface EncodedBody {
  content?: string | Uint8Array;
  headers: Record<string, string>;
}

/** A value as a body: text as it is, nothing for null, anything else as JSON. */
export function encodeBody(body: JsonValue | undefined): EncodedBody {
  if (body === undefined || body === null) return { headers: {} };
  if (typeof body === 'string')
    return { content: body, headers: { 'content-type': 'text/plain; charset=utf-8' } };
  return { content: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** Fields as browsers send a form without files. */
export function encodeForm(fields: Readonly<Record<string, string>>): EncodedBody {
  return {
    content: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}

/** Parts as browsers send a form with files. Files are read with their grant, all together at most `maxBytes`. */
export async function encodeMultipart(
  parts: readonly Part[],
  maxBytes: number,
  context: ExecutionContext,
): Promise<EncodedBody> {
  const boundary = `llmspell-${context.effects.uuid()}`;
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  for (const part of parts) {
    const content = await contentOf(part, left, context);
    left -= content.length;
    chunks.push(Buffer.from(`--${boundary}\r\n${partHeaders(part)}\r\n\r\n`), content, Buffer.from('\r\n'));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    content: Buffer.concat(chunks),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

function contentOf(
  part: Part,
  maxBytes: number,
  context: ExecutionContext,
): Promise<Uint8Array> | Uint8Array {
  if (part.file !== undefined) return readFileGuarded(part.file, context, { maxBytes });
  return Buffer.from(part.value!);
}

function partHeaders({ name, file, filename, content_type }: Part): string {
  const shown = filename ?? (file === undefined ? undefined : basename(file));
  const type = content_type ?? (file === undefined ? undefined : 'application/octet-stream');
  const disposition = [`form-data; name="${quoted(name)}"`];
  if (shown !== undefined) disposition.push(`filename="${quoted(shown)}"`);
  const lines = [`Content-Disposition: ${disposition.join('; ')}`];
  if (type !== undefined) lines.push(`Content-Type: ${headerValue(type)}`);
  return lines.join('\r\n');
}

/** As HTML says: only quotes and line breaks are escaped. */
function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function headerValue(text: string): string {
  if (/[\r\n\0]/.test(text)) throw fail('input.invalid', 'A content_type may not contain line breaks');
  return text;
}
