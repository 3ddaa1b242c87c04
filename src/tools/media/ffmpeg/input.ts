import { fail } from '../../../core/errors.js';
import type { Container } from '../container.js';

/** The one demuxer that may read a file of a kind. */
const DEMUXERS: Readonly<Record<Exclude<Container, 'unknown'>, string>> = {
  wav: 'wav',
  mp3: 'mp3',
  flac: 'flac',
  ogg: 'ogg',
  opus: 'ogg',
  m4a: 'mov',
  aac: 'aac',
  aiff: 'aiff',
  wma: 'asf',
  mp4: 'mov',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'matroska',
  avi: 'avi',
  flv: 'flv',
  wmv: 'asf',
};

/** The descriptor under which ffmpeg finds the file that was opened for it. */
const INHERITED = 3;

/**
 * The arguments by which ffmpeg reads one file and nothing else: the file is handed over open, its bytes and not its
 * name decide how it is read, and no demuxer that could follow references (playlists, concatenations) is allowed.
 * @param before input options such as `-ss`
 */
export function inputArguments(container: Container, before: readonly string[] = []): string[] {
  if (container === 'unknown') throw fail('tool.failed', 'The file is not of a known kind of sound or film');
  const demuxer = DEMUXERS[container];
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', demuxer],
    ...(demuxer === 'mov' ? ['-enable_drefs', '0', '-use_absolute_path', '0'] : []),
    ...before,
    ...['-f', demuxer, '-i', `/dev/fd/${INHERITED}`],
  ];
}
