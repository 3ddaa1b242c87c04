import type { ToolSample } from '../define.js';

/** Calls of `audio-processor` with what they give. Real sound is not text; what begins like it can be. */
export const audioProcessorSamples: readonly ToolSample[] = [
  {
    title: 'Which kind of sound a file is, whatever its name says',
    files: { 'song.mp3': 'RIFF~~~~WAVEfmt ' },
    input: { operation: 'detect', file_path: '{{dir}}/song.mp3' },
    expect: { result: { format: 'wav', supported: true } },
  },
  {
    title: 'Something that is no sound',
    files: { 'notes.wav': 'These are notes, not a tune.' },
    input: { operation: 'detect', file_path: '{{dir}}/notes.wav' },
    expect: { result: { format: 'unknown', supported: false } },
  },
  {
    title: 'Metadata of something that is no sound',
    files: { 'notes.wav': 'These are notes, not a tune.' },
    input: { operation: 'metadata', file_path: '{{dir}}/notes.wav' },
    error: 'tool.failed',
  },
  {
    title: 'Converting needs a target',
    files: { 'song.mp3': 'RIFF~~~~WAVEfmt ' },
    input: { operation: 'convert', source_path: '{{dir}}/song.mp3' },
    error: 'input.invalid',
  },
  {
    title: 'Something that is no sound is not converted',
    files: { 'notes.wav': 'These are notes, not a tune.' },
    input: { operation: 'convert', source_path: '{{dir}}/notes.wav', target_path: '{{dir}}/notes.mp3' },
    error: 'tool.failed',
  },
];
