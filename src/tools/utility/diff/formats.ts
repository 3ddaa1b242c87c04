import type { Change } from './changes.js';
import { type DiffLine, diffLines, type Hunk, hunksOf } from './hunks.js';

/** How a difference of texts is written. */
export type TextFormat = 'unified' | 'context' | 'inline' | 'simple';

/** What the two sides are called, and how many unchanged lines are shown around a change. */
export interface FormatOptions {
  oldName: string;
  newName: string;
  context: number;
}

type Write = (changes: readonly Change<string>[], options: FormatOptions) => string;

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;
const NO_NEWLINE = '\\ No newline at end of file\n';

const WRITERS: Readonly<Record<TextFormat, Write>> = {
  unified(changes, { oldName, newName, context }) {
    const hunks = hunksOf(changes, context).map(unifiedHunk);
    return `--- ${oldName}\n+++ ${newName}\n${hunks.join('')}`;
  },
  context(changes, { oldName, newName, context }) {
    const hunks = hunksOf(changes, context).map(contextHunk);
    return `*** ${oldName}\n--- ${newName}\n${hunks.join('')}`;
  },
  inline: (changes) => [...diffLines(changes)].map((line) => signed(line, SIGNS[line.kind])).join(''),
  simple,
};

/** Writes a difference. */
export function formatText(
  format: TextFormat,
  changes: readonly Change<string>[],
  options: FormatOptions,
): string {
  return WRITERS[format](changes, options);
}

/** A difference of words: `[-removed-]{+added+}`. */
export function formatWords(changes: readonly Change<string>[]): string {
  return changes
    .map(({ kind, tokens }) => {
      const text = tokens.join('');
      if (kind === 'same') return text;
      return kind === 'removed' ? `[-${text}-]` : `{+${text}+}`;
    })
    .join('');
}

function unifiedHunk(hunk: Hunk): string {
  const head = `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@\n`;
  return head + hunk.lines.map((line) => signed(line, SIGNS[line.kind])).join('');
}

/** A range that is empty is named by the line before it. */
function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}

function contextHunk({ lines, oldStart, oldLines, newStart, newLines }: Hunk): string {
  const half = (without: 'added' | 'removed') => {
    const changed = lines.some(({ kind }) => kind !== 'same' && kind !== without);
    if (!changed) return '';
    return lines
      .filter(({ kind }) => kind !== without)
      .map((line) => signed(line, `${SIGNS[line.kind]} `))
      .join('');
  };
  const old = `*** ${limits(oldStart, oldLines)} ****\n${half('added')}`;
  return `***************\n${old}--- ${limits(newStart, newLines)} ----\n${half('removed')}`;
}

function limits(start: number, count: number): string {
  if (count === 0) return `${start - 1}`;
  return count === 1 ? `${start}` : `${start},${start + count - 1}`;
}

function signed({ text }: DiffLine, sign: string): string {
  return text.endsWith('\n') ? `${sign}${text}` : `${sign}${text}\n${NO_NEWLINE}`;
}

function simple(changes: readonly Change<string>[]): string {
  const sentences: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const [i, { kind, tokens }] of changes.entries()) {
    const next = changes[i + 1];
    const count = tokens.length;
    if (kind === 'removed') {
      sentences.push(
        next?.kind === 'added'
          ? `Replaced at lines ${span(oldLine, count)} with lines ${span(newLine, next.tokens.length)}`
          : `Removed at line ${oldLine}: ${count} line(s)`,
      );
    } else if (kind === 'added' && changes[i - 1]?.kind !== 'removed') {
      sentences.push(`Added at line ${newLine}: ${count} line(s)`);
    }
    if (kind !== 'added') oldLine += count;
    if (kind !== 'removed') newLine += count;
  }
  return [`Total changes: ${sentences.length}`, '', ...sentences].join('\n').concat('\n');
}

function span(start: number, count: number): string {
  return `${start}-${start + count - 1}`;
}
