import { fail } from '../../../core/errors.js';

/** Lines times hunks beyond which finding the places of the hunks takes too long. */
const MAX_WORK = 50_000_000;

/**
 * What a unified patch makes of a text. Hunks may have moved, but each must find its lines.
 * @throws `input.invalid` for what is no patch of one file, `tool.failed` where it does not fit
 */
export async function applyTextPatch(text: string, patch: string): Promise<string> {
  const { applyPatch, parsePatch } = await import('diff');
  const parsed = parse(patch, parsePatch);
  const hunks = parsed.hunks.length;
  const lines = text.length - text.replaceAll('\n', '').length + 1;
  if (lines * hunks > MAX_WORK)
    throw fail('tool.failed', `The patch is too large: ${hunks} hunks for ${lines} lines`);
  const patched = applyPatch(text, parsed);
  if (patched !== false) return patched;
  throw fail('tool.failed', 'The patch does not apply: the text has no lines that fit one of its hunks');
}

function parse<Parsed extends { hunks: unknown[] }>(
  patch: string,
  parsePatch: (text: string) => Parsed[],
): Parsed {
  let files: Parsed[];
  try {
    files = parsePatch(patch).filter(({ hunks }) => hunks.length > 0);
  } catch (cause) {
    throw fail('input.invalid', `'patch' is not a unified diff: ${(cause as Error).message}`, { cause });
  }
  if (files.length === 1) return files[0]!;
  throw fail(
    'input.invalid',
    files.length === 0
      ? "'patch' is not a unified diff: it has no hunks"
      : `'patch' changes ${files.length} files, not one`,
  );
}
