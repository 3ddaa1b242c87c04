/** Decodes single blocks of bzip2; the package brings no types. */
declare module 'unbzip2-stream/lib/bzip2.js' {
  const decoder: {
    header(bits: { (count: number | null): number; bytesRead: number }): number;
    decompress(
      bits: { (count: number | null): number; bytesRead: number },
      put: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      checksum: number,
    ): number | null;
  };
  export default decoder;
}

/** Reads bits from a succession of buffers. */
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  export default function bitIterator(next: () => Uint8Array): {
    (count: number | null): number;
    bytesRead: number;
  };
}
