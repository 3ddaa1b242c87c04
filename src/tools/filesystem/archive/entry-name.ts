/** Folders that an entry's name may go down. */
const MAX_DEPTH = 100;
/** Bytes that one part of a name may have: what file systems allow. */
const MAX_PART_BYTES = 255;

/** A name that stays below the folder it is unpacked to, or why there is none. */
export type CheckedName = { readonly name: string } | { readonly unsafe: string };

/**
 * The name of an entry as a relative path with single slashes. What could leave the target folder, on this system
 * or another, is not repaired but refused: an archive that holds such a name was made to do harm.
 */
export function checkName(raw: string): CheckedName {
  const problem = problemOf(raw);
  if (problem !== undefined) return { unsafe: problem };
  const parts = raw.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) return { name: '' };
  if (parts.length > MAX_DEPTH) return { unsafe: `lies more than ${MAX_DEPTH} folders deep` };
  if (parts.some((part) => Buffer.byteLength(part) > MAX_PART_BYTES))
    return { unsafe: 'has too long a name' };
  return { name: parts.join('/') };
}

function problemOf(raw: string): string | undefined {
  if (raw.includes('\0')) return 'has a NUL byte in its name';
  if (raw.includes('\\')) return 'has a backslash in its name';
  if (raw.startsWith('/')) return 'has an absolute name';
  if (/^[A-Za-z]:/.test(raw)) return 'names a drive';
  if (raw.split('/').includes('..')) return "would leave the target folder ('..')";
  if (process.platform === 'win32' && WINDOWS_ONLY.test(raw)) return 'has a name that Windows reserves';
  return undefined;
}

/** Streams of a file, devices, and names whose end Windows cuts off. */
const WINDOWS_ONLY = /[:*?"<>|]|(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:\/|$)|[. ](?:\/|$)/i;
