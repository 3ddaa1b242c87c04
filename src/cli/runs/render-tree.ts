import type { RunRecord } from '../../storage/journal-store.js';
import { printable } from '../printable.js';
import { clockTime, duration, spent } from './figures.js';
import type { RunTree, Step } from './run-tree.js';

/** How much of a run is shown. */
export interface TreeOptions {
  /** Inputs, outputs and every line that was printed. */
  full: boolean;
}

/** Characters of a note on one line. */
const NOTE_WIDTH = 100;

/** A run as lines: what it was, then its steps as a tree. */
export function renderRun(record: RunRecord, { root }: RunTree, options: TreeOptions): string {
  return [heading(record, root), ...branches(root, '', options)].join('\n');
}

function heading(record: RunRecord, root: Step): string {
  const { run, name, language, status, startedAt, durationMs, error, sessions } = record;
  const facts = [
    printable(name) + (language ? ` (${language})` : ''),
    status,
    clockTime(startedAt),
    ...(durationMs === undefined ? [] : [duration(durationMs)]),
    ...(spent(root.usage) ? [spent(root.usage)] : []),
  ];
  const failed = error ? `\n✗ ${printable(`${error.code}: ${error.message}`)}` : '';
  const member = sessions.length > 0 ? `\nsession ${sessions.join(', ')}` : '';
  return `${run}  ${facts.join('  ')}${failed}${member}`;
}

function branches(step: Step, indent: string, options: TreeOptions): string[] {
  const content = options.full ? contentLines(step) : [];
  const entries = step.entries.flatMap((entry): (string | Step)[] =>
    typeof entry === 'string' ? noteLines(entry, options) : [entry],
  );
  const all = [...content, ...entries];
  return all.flatMap((entry, index) => {
    const [mark, rest] = index === all.length - 1 ? ['└─ ', '   '] : ['├─ ', '│  '];
    if (typeof entry === 'string') return `${indent}${mark}${entry}`;
    return [`${indent}${mark}${stepLine(entry)}`, ...branches(entry, indent + rest, options)];
  });
}

function stepLine({ label, durationMs, error, usage, startedAt }: Step): string {
  const facts = [
    printable(label),
    ...(durationMs === undefined ? (startedAt === undefined ? [] : ['…']) : [duration(durationMs)]),
    ...(spent(usage) ? [spent(usage)] : []),
    ...(error === undefined ? [] : [`✗ ${printable(error)}`]),
  ];
  return facts.join('  ');
}

function contentLines({ input, output }: Step): string[] {
  return [
    ...(input === undefined || input === null ? [] : [`in ${printable(JSON.stringify(input))}`]),
    ...(output === undefined || output === null ? [] : [`out ${printable(JSON.stringify(output))}`]),
  ];
}

/** One line, or with everything a line for each that was printed. */
function noteLines(note: string, { full }: TreeOptions): string[] {
  const lines = note.replaceAll('\t', '  ').split('\n').map(printable);
  if (full) return lines;
  const [first = ''] = lines;
  const short = first.length > NOTE_WIDTH ? `${first.slice(0, NOTE_WIDTH)}…` : first;
  return [lines.length > 1 ? `${short} (+${lines.length - 1} lines)` : short];
}
