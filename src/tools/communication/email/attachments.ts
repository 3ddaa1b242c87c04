import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { readChunksGuarded, readFileGuarded, statGuarded } from '../../../security/files.js';
import { refuseBreaks } from './addresses.js';
import type { GivenAttachment } from './input.js';

/** Bytes of all attachments together; most servers take no more. */
export const MAX_ATTACHMENT_BYTES = 25_000_000;

/** Something to attach: bytes in memory, or a file that is read when it is sent. */
export interface Attachment {
  filename: string;
  contentType: string | undefined;
  cid: string | undefined;
  /** Bytes. */
  size: number;
  open(): Readable;
  bytes(): Promise<Buffer>;
}

/** Finds the attachments and checks that they may be read and fit. @throws `input.invalid`, `permission.read` */
export async function findAttachments(
  given: readonly GivenAttachment[],
  context: ExecutionContext,
): Promise<Attachment[]> {
  const found: Attachment[] = [];
  let total = 0;
  for (const one of given) {
    const attachment = await findAttachment(typeof one === 'string' ? { path: one } : one, context);
    total += attachment.size;
    if (total > MAX_ATTACHMENT_BYTES)
      throw fail('input.invalid', `The attachments exceed ${MAX_ATTACHMENT_BYTES} bytes together`, {
        details: { size: total, limit: MAX_ATTACHMENT_BYTES },
      });
    found.push(attachment);
  }
  return found;
}

type Parts = Partial<Exclude<GivenAttachment, string>>;

async function findAttachment(parts: Parts, context: ExecutionContext): Promise<Attachment> {
  const { path, content, filename, content_type: contentType, cid } = parts;
  for (const [name, text] of Object.entries({ filename, content_type: contentType, cid }))
    if (text !== undefined) refuseBreaks(text, name);
  if ((path === undefined) === (content === undefined))
    throw fail('input.invalid', "An attachment needs either 'path' or 'content'");
  const shared = { contentType, cid };
  if (path === undefined) {
    const bytes = contentBytes(parts);
    const open = () => Readable.from([bytes]);
    return {
      ...shared,
      filename: filename ?? 'attachment',
      size: bytes.length,
      open,
      bytes: async () => bytes,
    };
  }
  const { size, type } = await statGuarded(path, context);
  if (type !== 'file') throw fail('tool.failed', `Failed to attach '${path}': it is no file`);
  const limit = { maxBytes: MAX_ATTACHMENT_BYTES };
  return {
    ...shared,
    filename: filename ?? basename(path),
    size,
    open: () => Readable.from(readChunksGuarded(path, context, limit)),
    bytes: () => readFileGuarded(path, context, limit),
  };
}

function contentBytes({ content = '', encoding }: Parts): Buffer {
  if (encoding !== 'base64') return Buffer.from(content);
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content))
    throw fail('input.invalid', 'The content of an attachment is not valid base64');
  return Buffer.from(content, 'base64');
}
