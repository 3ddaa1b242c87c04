import { extname } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import { fail } from '../../../core/errors.js';
import { resolvePath, workingDirectory } from '../../../security/files.js';
import { realPath } from '../../../security/paths.js';
import type { FileOperationsLimits } from './limits.js';

/** Bytes of a file that tell what it is. */
export const TYPE_BYTES = 4096;

/** A kind of file: how it begins, and the extensions it goes by. */
interface FileKind {
  readonly name: string;
  readonly extensions: readonly string[];
  matches(bytes: Buffer): boolean;
}

const begins =
  (...magics: readonly string[]) =>
  (bytes: Buffer) =>
    magics.some((magic) => bytes.subarray(0, magic.length).toString('latin1') === magic);

const ZIPS = [
  'zip',
  'jar',
  'docx',
  'xlsx',
  'pptx',
  'odt',
  'ods',
  'odp',
  'epub',
  'apk',
  'whl',
  'nupkg',
  'vsix',
];
const PROGRAMS = ['exe', 'dll', 'so', 'dylib', 'bin', 'o', 'ko', 'elf', 'sys', 'com', 'node', 'out', ''];

const KINDS: readonly FileKind[] = [
  { name: 'a PNG image', extensions: ['png', 'apng'], matches: begins('\x89PNG\r\n\x1a\n') },
  { name: 'a JPEG image', extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], matches: begins('\xff\xd8\xff') },
  { name: 'a GIF image', extensions: ['gif'], matches: begins('GIF87a', 'GIF89a') },
  { name: 'a PDF document', extensions: ['pdf', 'ai'], matches: begins('%PDF-') },
  { name: 'a ZIP archive', extensions: ZIPS, matches: begins('PK\x03\x04') },
  { name: 'gzip data', extensions: ['gz', 'tgz', 'svgz', 'gzip'], matches: begins('\x1f\x8b\x08') },
  { name: 'a program (ELF)', extensions: PROGRAMS, matches: begins('\x7fELF') },
  { name: 'a program (PE)', extensions: PROGRAMS, matches: isPortableExecutable },
  {
    name: 'a program (Mach-O)',
    extensions: PROGRAMS,
    matches: begins('\xfe\xed\xfa\xce', '\xfe\xed\xfa\xcf', '\xce\xfa\xed\xfe', '\xcf\xfa\xed\xfe'),
  },
];

/**
 * Refuses a file whose extension the configuration does not allow, by the name that was given and by the real one.
 * @throws `tool.failed`
 */
export async function checkExtension(
  path: string,
  { allowedExtensions, blockedExtensions }: FileOperationsLimits,
  context: ExecutionContext,
): Promise<void> {
  const real = await realPath(resolvePath(path, workingDirectory(context)));
  for (const name of new Set([path, real])) {
    const extension = extensionOf(name);
    const key = blockedExtensions.includes(extension) ? 'blocked_extensions' : 'allowed_extensions';
    const refused =
      key === 'blocked_extensions' ||
      (allowedExtensions.length > 0 && !allowedExtensions.includes(extension));
    if (refused)
      throw fail('tool.failed', `Files with the extension '${extension}' are not allowed: ${name}`, {
        hint: `See ${key} in [tools.file_operations] of the configuration.`,
        details: { path: name, extension },
      });
  }
}

/**
 * Refuses content that is plainly something else than the extension says: a program that is called a text, one kind of
 * picture that is called another. What is not recognised may be called anything.
 * @throws `tool.failed`
 */
export function checkContent(
  path: string,
  bytes: Uint8Array,
  { validateFileTypes }: FileOperationsLimits,
): void {
  if (!validateFileTypes) return;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, TYPE_BYTES));
  const kind = KINDS.find(({ matches }) => matches(start));
  const extension = extensionOf(path);
  if (!kind || kind.extensions.includes(extension)) return;
  const known = KINDS.some(({ extensions }) => extensions !== PROGRAMS && extensions.includes(extension));
  const program = kind.extensions === PROGRAMS;
  if (!known && !program) return;
  throw fail('tool.failed', `The content is ${kind.name}, which does not fit the extension of ${path}`, {
    hint: 'See validate_file_types in [tools.file_operations] of the configuration.',
    details: { path, kind: kind.name },
  });
}

function extensionOf(path: string): string {
  return extname(path).slice(1).toLowerCase();
}

/** Text may begin with the same two letters; the header they point to is no text. */
function isPortableExecutable(bytes: Buffer): boolean {
  if (!begins('MZ')(bytes) || bytes.length < 0x40) return false;
  const at = bytes.readUInt32LE(0x3c);
  return bytes.subarray(at, at + 4).toString('latin1') === 'PE\0\0';
}
