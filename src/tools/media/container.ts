import type { GuardedFile } from '../../security/files.js';
import { readAt } from './limits.js';

/** What a file of sound or film can be; `unknown` is everything else. */
export type Container =
  | 'wav'
  | 'mp3'
  | 'flac'
  | 'ogg'
  | 'opus'
  | 'm4a'
  | 'aac'
  | 'aiff'
  | 'wma'
  | 'mp4'
  | 'mov'
  | 'mkv'
  | 'webm'
  | 'avi'
  | 'flv'
  | 'wmv'
  | 'unknown';

/** The kinds that hold only sound. */
export const AUDIO_CONTAINERS: ReadonlySet<Container> = new Set<Container>([
  'wav',
  'mp3',
  'flac',
  'ogg',
  'opus',
  'm4a',
  'aac',
  'aiff',
  'wma',
]);
/** The kinds that hold film. */
export const VIDEO_CONTAINERS: ReadonlySet<Container> = new Set<Container>([
  'mp4',
  'mov',
  'mkv',
  'webm',
  'avi',
  'flv',
  'wmv',
]);

const SNIFF_BYTES = 4096;
const ID3_HEADER = 10;
/** Identifies a stream of pictures in a file of the ASF family. */
const ASF_VIDEO = Buffer.from('c0ef19bc4d5bcf11a8fd00805f5c442b', 'hex');
const ASF = Buffer.from('3026b2758e66cf11', 'hex');
const MATROSKA = Buffer.from('1a45dfa3', 'hex');
const QUICKTIME_ATOMS = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
const MUSIC_BRANDS = new Set(['M4A ', 'M4B ', 'M4P ']);
const PICTURE_BRANDS = new Set(['avif', 'avis', 'heic', 'heix', 'mif1', 'msf1', 'jxl ', 'crx ']);

/** The kind of a file, by its first bytes; its name plays no part. A tag in front of the sound is skipped. */
export async function sniffContainer(file: GuardedFile): Promise<Container> {
  const offset = await tagLength(file);
  const found = containerOf(await readAt(file, offset, SNIFF_BYTES));
  return found === 'unknown' && offset > 0 ? 'mp3' : found;
}

/** Bytes of the ID3 tag in front of the sound; 0 when there is none. */
export async function tagLength(file: GuardedFile): Promise<number> {
  const start = await readAt(file, 0, ID3_HEADER);
  if (start.toString('latin1', 0, 3) !== 'ID3' || start.length < ID3_HEADER) return 0;
  return ID3_HEADER + syncSafe(start, 6);
}

/** The kind of a file that begins with these bytes. */
export function containerOf(start: Buffer): Container {
  for (const look of LOOKS) {
    const found = look(start, (from, to) => start.toString('latin1', from, to));
    if (found) return found;
  }
  return 'unknown';
}

type Look = (start: Buffer, text: (from: number, to: number) => string) => Container | undefined;

const LOOKS: readonly Look[] = [
  (_, text) => (text(0, 4) === 'RIFF' || text(0, 4) === 'RF64' ? riff(text(8, 12)) : undefined),
  (_, text) => (text(0, 4) === 'fLaC' ? 'flac' : undefined),
  (_, text) => (text(0, 4) === 'OggS' ? (text(28, 36) === 'OpusHead' ? 'opus' : 'ogg') : undefined),
  (_, text) => (text(0, 4) === 'FORM' && /^AIF[FC]$/.test(text(8, 12)) ? 'aiff' : undefined),
  (_, text) => (text(0, 3) === 'FLV' ? 'flv' : undefined),
  (start, text) => (start.subarray(0, 4).equals(MATROSKA) ? matroska(text(4, 80)) : undefined),
  (start) => {
    if (!start.subarray(0, 8).equals(ASF)) return undefined;
    return start.includes(ASF_VIDEO) ? 'wmv' : 'wma';
  },
  (_, text) => (text(4, 8) === 'ftyp' ? isoMedia(text(8, 12)) : undefined),
  (start, text) => (start.length >= 8 && QUICKTIME_ATOMS.has(text(4, 8)) ? 'mov' : undefined),
  mpegAudio,
];

function riff(kind: string): Container | undefined {
  if (kind === 'WAVE') return 'wav';
  return kind === 'AVI ' ? 'avi' : undefined;
}

function matroska(header: string): Container {
  return header.includes('webm') ? 'webm' : 'mkv';
}

function isoMedia(brand: string): Container | undefined {
  if (PICTURE_BRANDS.has(brand)) return undefined;
  if (MUSIC_BRANDS.has(brand)) return 'm4a';
  return brand === 'qt  ' ? 'mov' : 'mp4';
}

/** Eleven set bits begin a frame; the layer tells MPEG audio from AAC. Impossible rates are something else. */
function mpegAudio(start: Buffer): Container | undefined {
  if (start.length < 4 || start[0] !== 0xff || (start[1]! & 0xe0) !== 0xe0) return undefined;
  const layer = (start[1]! >> 1) & 3;
  if (layer === 0) return (start[1]! & 0xf0) === 0xf0 && ((start[2]! >> 2) & 15) < 13 ? 'aac' : undefined;
  const version = (start[1]! >> 3) & 3;
  const possible = version !== 1 && start[2]! >> 4 !== 15 && ((start[2]! >> 2) & 3) !== 3;
  return possible ? 'mp3' : undefined;
}

/** Seven bits of each of four bytes. */
function syncSafe(bytes: Buffer, at: number): number {
  return [0, 1, 2, 3].reduce((sum, index) => sum * 128 + (bytes[at + index]! & 0x7f), 0);
}
