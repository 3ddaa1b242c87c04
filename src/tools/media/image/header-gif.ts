import type { HeaderFields } from './header-fields.js';

/** Blocks that are counted; a file with more says nothing about its number of frames. */
const MAX_BLOCKS = 2_000_000;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;

/** The header of a GIF file. */
export function readGif(bytes: Buffer): HeaderFields | undefined {
  if (bytes.length < 10) return undefined;
  const flags = bytes[10] ?? 0;
  return {
    width: bytes.readUInt16LE(6),
    height: bytes.readUInt16LE(8),
    bitDepth: ((flags >> 4) & 7) + 1,
    colorMode: 'indexed',
    ...countFrames(bytes, 13 + tableBytes(flags)),
  };
}

/** Bytes of a colour table, as the flags before it say. */
function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function countFrames(bytes: Buffer, start: number): Pick<HeaderFields, 'pages' | 'hasAlpha'> {
  const walk = { at: start, blocks: 0 };
  let [pages, hasAlpha] = [0, false];
  while (walk.at < bytes.length && walk.blocks < MAX_BLOCKS) {
    const kind = bytes[walk.at];
    if (kind === IMAGE) {
      pages += 1;
      walk.at += 11 + tableBytes(bytes[walk.at + 9] ?? 0);
    } else if (kind === EXTENSION) {
      hasAlpha ||= bytes[walk.at + 1] === GRAPHIC_CONTROL && ((bytes[walk.at + 3] ?? 0) & 1) === 1;
      walk.at += 2;
    } else break;
    skipBlocks(bytes, walk);
  }
  return { pages: walk.blocks < MAX_BLOCKS && pages > 0 ? pages : undefined, hasAlpha };
}

/** Data comes in blocks with their length in front; an empty one ends them. */
function skipBlocks(bytes: Buffer, walk: { at: number; blocks: number }): void {
  for (;;) {
    const length = bytes[walk.at] ?? 0;
    walk.at += 1 + length;
    walk.blocks += 1;
    if (length === 0 || walk.at >= bytes.length || walk.blocks >= MAX_BLOCKS) return;
  }
}
