import type { ToolSample } from '../define.js';

/** The beginning of a GIF file: its kind and size, no picture. Bytes of a real picture are not text. */
const GIF_HEADER = 'GIF89a  @!pAA';

/** Calls of `image-processor` with what they give. */
export const imageProcessorSamples: readonly ToolSample[] = [
  {
    title: 'Which kind of image a file is, whatever its name says',
    files: { 'picture.png': GIF_HEADER },
    input: { operation: 'detect', file_path: '{{dir}}/picture.png' },
    expect: { result: { format: 'gif', mime_type: 'image/gif', supported: true } },
  },
  {
    title: 'A drawing is named but not opened',
    files: { 'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>' },
    input: { operation: 'detect', file_path: '{{dir}}/drawing.svg' },
    expect: { result: { format: 'svg', supported: false } },
  },
  {
    title: 'The size of a picture, from its header',
    files: { 'wide.gif': GIF_HEADER },
    input: { operation: 'metadata', file_path: '{{dir}}/wide.gif' },
    expect: { result: { metadata: { format: 'gif', dimensions: { width: 8224, height: 8512 } } } },
  },
  {
    title: 'Something that is no image',
    files: { 'notes.png': 'These are notes.' },
    input: {
      operation: 'resize',
      source_path: '{{dir}}/notes.png',
      target_path: '{{dir}}/small.png',
      width: 100,
    },
    error: 'tool.failed',
  },
  {
    title: 'A picture that claims more pixels than allowed is not decoded',
    files: { 'bomb.gif': 'GIF89a~~~~pAA' },
    input: { operation: 'thumbnail', source_path: '{{dir}}/bomb.gif', target_path: '{{dir}}/small.png' },
    error: 'tool.failed',
  },
  {
    title: 'Cutting out needs a whole region',
    files: { 'wide.gif': GIF_HEADER },
    input: {
      operation: 'crop',
      source_path: '{{dir}}/wide.gif',
      target_path: '{{dir}}/part.png',
      x: 0,
      y: 0,
    },
    error: 'input.invalid',
  },
  {
    title: 'Comparing needs two pictures',
    files: { 'wide.gif': GIF_HEADER, 'notes.png': 'These are notes.' },
    input: { operation: 'compare', file_path: '{{dir}}/wide.gif', compare_path: '{{dir}}/notes.png' },
    error: 'tool.failed',
  },
  {
    title: 'Only pictures can be laid over pictures',
    files: { 'wide.gif': GIF_HEADER, 'notes.png': 'These are notes.' },
    input: {
      operation: 'watermark',
      source_path: '{{dir}}/wide.gif',
      watermark_path: '{{dir}}/notes.png',
      target_path: '{{dir}}/marked.png',
    },
    error: 'tool.failed',
  },
];
