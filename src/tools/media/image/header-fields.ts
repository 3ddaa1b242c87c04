import type { JsonObject } from '../../../core/values.js';

/** What the headers of a file say, without decoding a pixel. What a format does not say is absent. */
export interface HeaderFields {
  /** As stored; a viewer may show it turned, see `orientation`. */
  width: number;
  height: number;
  /** Bits of one sample. */
  bitDepth?: number | undefined;
  colorMode?: string | undefined;
  hasAlpha?: boolean | undefined;
  /** Frames of an animation, pages of a document, sizes of an icon. */
  pages?: number | undefined;
  dpi?: number | undefined;
  /** 1 to 8, as EXIF counts. */
  orientation?: number | undefined;
  exif?: JsonObject | undefined;
}
