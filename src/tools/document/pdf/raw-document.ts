/** The characters of one page as they came from the file, packed so that they cross between processes quickly. */
export interface RawText {
  /** The pieces of text, one after the other. */
  text: string;
  /** Where each piece ends in `text`. */
  ends: Uint32Array;
  /** Five numbers a piece: left, baseline (downwards from the top), width, size of the font, angle. */
  boxes: Float64Array;
  /** A byte a piece: 1 for right-to-left, 2 for vertical writing. */
  flags: Uint8Array;
  /** The page had more than was taken. */
  cut: boolean;
}

/** An image that a page paints. */
export interface RawImage {
  /** In pixels. */
  width: number;
  height: number;
  /** Where and how large it is painted, in points from the upper left corner. */
  x: number;
  y: number;
  shownWidth: number;
  shownHeight: number;
  /** Part of the page's own drawing commands. */
  inline: boolean;
  /** Bytes a pixel: 0 for black and white, 1 for shades of grey, 3 for colour, 4 for colour and transparency. */
  channels?: 0 | 1 | 3 | 4;
  /** The same for images with the same pixels. */
  hash?: string;
  /** The image as PNG; absent where the same image came before, or was not asked for. */
  png?: Uint8Array;
  problem?: string;
}

/** One page. */
export interface RawPage {
  /** Counted from 1. */
  number: number;
  /** In points. */
  width?: number;
  height?: number;
  rotation?: number;
  content?: RawText;
  images?: RawImage[];
  /** Why the page could not be read. */
  problem?: string;
}

/** What the document says about itself. */
export interface RawFacts {
  info: Record<string, unknown>;
  xmp: Record<string, unknown>;
  outline: { title: string; level: number; page: number | null; url: string | null }[];
  permissions: number[] | null;
  attachments: { name: string; size: number }[];
  labels: string[] | null;
  scripts: boolean;
  fields: string[];
}

/** What was read of a document. */
export interface RawDocument {
  pageCount: number;
  pages: RawPage[];
  /** There were more pages to read than may be read. */
  cut: boolean;
  /** There were more images than may be taken. */
  imagesCut: boolean;
  /** Text was left out because the tables of its encoding are not installed. */
  lacksMaps: boolean;
  facts?: RawFacts;
}
