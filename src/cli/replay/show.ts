import { crossingText } from '../../kernel/crossing-text.js';
import { type Crossing, crossingsOf } from '../../kernel/crossings.js';
import type { Recording } from '../../kernel/recording.js';
import type { Entry } from '../../kernel/recording-lines.js';
import { printable } from '../printable.js';

const WIDTH = 100;

/** The steps of a recording for people: a line for each crossing, those inside another indented. */
export function recordingText(recording: Recording): string {
  const { header, whole } = recording;
  const crossings = crossingsOf(recording);
  const state = whole ? '' : ', breaks off';
  const head = `${header.source.name} (${header.language}), ${count(crossings.length, 'crossing')}${state}`;
  const width = String(crossings.length).length;
  const lines = crossings.map((crossing) => crossingLine(crossing, width));
  return [head, ...lines, ...endLines(recording)].map(printable).join('\n');
}

/** The same as data. */
export function recordingJson(recording: Recording): object {
  const { header, whole } = recording;
  return {
    script: header.source.name,
    language: header.language,
    hash: header.hash,
    whole,
    crossings: crossingsOf(recording).map(crossingJson),
    end: endOf(recording) ?? null,
  };
}

function crossingLine({ id, entry, depth, steps, end }: Crossing, width: number): string {
  const indent = '  '.repeat(depth + 1);
  const what = `${String(id).padStart(width)}${indent}${oneLine(crossingText(entry))}`;
  const failed = end?.error ? `  failed: ${end.error.code}` : '';
  return `${what}${steps[0] === undefined ? '' : `  ${steps[0]}`}${failed}${end ? '' : '  (no end)'}`;
}

function crossingJson({ id, entry, depth, steps, end }: Crossing): object {
  const { t: kind, id: _id, ...rest } = entry;
  return {
    id,
    kind,
    depth,
    ...rest,
    steps,
    ...(end?.error ? { error: end.error } : { value: end?.value ?? null }),
  };
}

function endLines(recording: Recording): string[] {
  const end = endOf(recording);
  const stop = recording.entries.find((entry) => entry.t === 'stop');
  const stopped = stop?.t === 'stop' ? [`stopped from outside: ${stop.error.code}`] : [];
  if (!end) return stopped;
  return [...stopped, end.error ? `failed: ${end.error.code}: ${oneLine(end.error.message)}` : 'ended well'];
}

function endOf({ entries }: Recording): Extract<Entry, { t: 'ended' }> | undefined {
  return entries.find((entry) => entry.t === 'ended');
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
