import { fail } from '../../../core/errors.js';
/** How a picture fills the size it is given. */
export type Fit = 'inside' | 'outside' | 'cover' | 'contain' | 'fill';

/** The parameters that ask for a size. */
export interface SizeInput {
  width?: number | undefined;
  height?: number | undefined;
  maintain_aspect_ratio: boolean;
  fit?: Fit | undefined;
  allow_enlargement: boolean;
}

interface Size {
  width: number;
  height: number;
}

/**
 * The size that a picture will have, and how it gets there. It is worked out beforehand because one given edge says
 * nothing yet about the other.
 */
export function targetSize(input: SizeInput, source: Size): Size & { fit: Fit } {
  const { width, height, allow_enlargement: enlarge } = input;
  if (width === undefined && height === undefined)
    throw fail('input.invalid', "Missing required parameter 'width' or 'height'");
  const fit = input.fit ?? (input.maintain_aspect_ratio ? 'inside' : 'fill');
  const box = completeBox(width, height, fit, source);
  if (fit === 'inside' || fit === 'outside')
    return { ...scaled(source, proportion(box, source, fit, enlarge)), fit: 'fill' };
  if (enlarge) return { ...box, fit };
  return { width: Math.min(box.width, source.width), height: Math.min(box.height, source.height), fit };
}

/** The edge that is missing follows from the other, or stays as it is where proportions do not count. */
function completeBox(width: number | undefined, height: number | undefined, fit: Fit, source: Size): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  if (fit === 'fill') return { width: width ?? source.width, height: height ?? source.height };
  return scaled(source, width === undefined ? height! / source.height : width / source.width);
}

function proportion(box: Size, source: Size, fit: 'inside' | 'outside', enlarge: boolean): number {
  const [across, down] = [box.width / source.width, box.height / source.height];
  const factor = fit === 'inside' ? Math.min(across, down) : Math.max(across, down);
  return enlarge ? factor : Math.min(1, factor);
}

function scaled({ width, height }: Size, factor: number): Size {
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}
