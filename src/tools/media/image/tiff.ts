/** Directories, entries and values that are read of one file: what is more is not metadata. */
const MAX_DIRECTORIES = 1000;
const MAX_ENTRIES = 500;
const MAX_VALUES = 64;
const MAX_TEXT = 1000;

/** Bytes of one value, by TIFF type. */
const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const TEXT = 2;

/** The value of a tag: text, or its numbers. */
export type TagValue = string | number[];
/** The tags of one directory. */
export type Tags = ReadonlyMap<number, TagValue>;

/** The shape that TIFF files and EXIF blocks share. */
export class TiffReader {
  private constructor(
    private readonly bytes: Buffer,
    private readonly little: boolean,
    /** 64-bit offsets. */
    private readonly big: boolean,
  ) {}

  /** Undefined when the bytes do not begin like a TIFF file. */
  static open(bytes: Buffer): TiffReader | undefined {
    const order = bytes.toString('latin1', 0, 2);
    if (bytes.length < 8 || (order !== 'II' && order !== 'MM')) return undefined;
    const version = order === 'II' ? bytes.readUInt16LE(2) : bytes.readUInt16BE(2);
    if (version !== 42 && version !== 43) return undefined;
    return new TiffReader(bytes, order === 'II', version === 43);
  }

  /** The directories of the file in order; the first describes the picture, more are further pages. */
  directories(): Tags[] {
    const found: Tags[] = [];
    const seen = new Set<number>();
    let offset = this.big ? this.long64(8) : this.number(4, 4);
    while (offset !== undefined && offset > 0 && found.length < MAX_DIRECTORIES && !seen.has(offset)) {
      seen.add(offset);
      const { tags, next } = this.directory(offset);
      found.push(tags);
      offset = next;
    }
    return found;
  }

  /** The directory at an offset that a tag gave. */
  tagsAt(offset: TagValue | undefined): Tags {
    return Array.isArray(offset) ? this.directory(offset[0] ?? 0).tags : new Map();
  }

  private directory(offset: number): { tags: Tags; next: number | undefined } {
    const [head, size] = this.big ? [8, 20] : [2, 12];
    const count = (this.big ? this.long64(offset) : this.number(offset, 2)) ?? 0;
    const tags = new Map<number, TagValue>();
    for (let index = 0; index < Math.min(count, MAX_ENTRIES); index++) {
      const at = offset + head + index * size;
      const [tag, value] = [this.number(at, 2), this.value(at)];
      if (tag === undefined) break;
      if (value !== undefined) tags.set(tag, value);
    }
    const end = offset + head + count * size;
    return { tags, next: this.big ? this.long64(end) : this.number(end, 4) };
  }

  private value(entry: number): TagValue | undefined {
    const type = this.number(entry + 2, 2) ?? 0;
    const count = (this.big ? this.long64(entry + 4) : this.number(entry + 4, 4)) ?? 0;
    const size = SIZES[type];
    if (size === undefined || count === 0) return undefined;
    const place = entry + (this.big ? 12 : 8);
    const fitsInside = size * count <= (this.big ? 8 : 4);
    const at = fitsInside ? place : this.big ? this.long64(place) : this.number(place, 4);
    if (at === undefined || at >= this.bytes.length) return undefined;
    if (type === TEXT) return this.text(at, count);
    const values = Array.from({ length: Math.min(count, MAX_VALUES) }, (_, index) =>
      this.single(at + index * size, type),
    );
    return values.every((value) => value !== undefined) ? (values as number[]) : undefined;
  }

  private text(at: number, count: number): string {
    const raw = this.bytes.subarray(at, at + Math.min(count, MAX_TEXT)).toString('utf8');
    return raw.replace(/\0[\s\S]*$/, '').trim();
  }

  private single(at: number, type: number): number | undefined {
    if (type === 5 || type === 10) {
      const [above, below] = [this.number(at, 4, type === 10), this.number(at + 4, 4, type === 10)];
      return above === undefined || !below ? undefined : above / below;
    }
    if (type >= 16) return this.long64(at);
    if (type === 11 || type === 12) return this.float(at, type === 11 ? 4 : 8);
    return this.number(at, SIZES[type]!, type === 6 || type === 8 || type === 9);
  }

  private number(at: number, size: number, signed = false): number | undefined {
    if (at < 0 || at + size > this.bytes.length) return undefined;
    if (signed) return this.little ? this.bytes.readIntLE(at, size) : this.bytes.readIntBE(at, size);
    return this.little ? this.bytes.readUIntLE(at, size) : this.bytes.readUIntBE(at, size);
  }

  private float(at: number, size: number): number | undefined {
    if (at + size > this.bytes.length) return undefined;
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + at, size);
    const value = size === 4 ? view.getFloat32(0, this.little) : view.getFloat64(0, this.little);
    return Number.isFinite(value) ? value : undefined;
  }

  private long64(at: number): number | undefined {
    if (at < 0 || at + 8 > this.bytes.length) return undefined;
    const value = this.little ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
  }
}
