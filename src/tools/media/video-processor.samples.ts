import type { ToolSample } from '../define.js';

/** Calls of `video-processor` with what they give. A real film is not text; what begins like one can be. */
export const videoProcessorSamples: readonly ToolSample[] = [
  {
    title: 'Which kind of film a file is, whatever its name says',
    files: { 'clip.mkv': 'RIFF~~~~AVI LIST' },
    input: { operation: 'detect', file_path: '{{dir}}/clip.mkv' },
    expect: { result: { format: 'avi', supported: true } },
  },
  {
    title: 'A playlist is no film, even if it is called one',
    files: { 'clip.mp4': '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n' },
    input: { operation: 'detect', file_path: '{{dir}}/clip.mp4' },
    expect: { result: { format: 'unknown', supported: false } },
  },
  {
    title: 'A playlist is not converted',
    files: { 'clip.mp4': '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n' },
    input: { operation: 'convert', source_path: '{{dir}}/clip.mp4', target_path: '{{dir}}/clip.webm' },
    error: 'tool.failed',
  },
  {
    title: 'A frame needs a target',
    files: { 'clip.mkv': 'RIFF~~~~AVI LIST' },
    input: { operation: 'extract_frame', file_path: '{{dir}}/clip.mkv' },
    error: 'input.invalid',
  },
];
