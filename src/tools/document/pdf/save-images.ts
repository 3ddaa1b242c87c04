import { join } from 'node:path';
import type { ExecutionContext } from '../../../core/context.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';
import { writeFileGuarded } from '../../../security/files.js';
import type { Progress } from '../../progress.js';
import { rounded } from './document-facts.js';
import type { RawImage, RawPage } from './raw-document.js';

const COLOURS = { 0: 'bilevel', 1: 'gray', 3: 'rgb', 4: 'rgba' } as const;

/** Describes the images of pages and, where a folder is given, writes each different one there as a PNG once. */
export async function saveImages(
  pages: readonly RawPage[],
  folder: string | undefined,
  context: ExecutionContext,
  progress: Progress,
): Promise<JsonObject[]> {
  const described: JsonObject[] = [];
  const files = new Map<string, string>();
  const total = pages.reduce((sum, { images = [] }) => sum + images.length, 0);
  for (const { number, images = [] } of pages) {
    for (const [index, image] of images.entries()) {
      if (folder !== undefined && image.png) {
        const name = `page-${String(number).padStart(3, '0')}-image-${String(index + 1).padStart(2, '0')}.png`;
        progress(`Writing ${name}`, described.length / total);
        const { path } = await writeFileGuarded(join(folder, name), image.png, context);
        files.set(image.hash!, path);
      }
      described.push(describeImage(number, index + 1, image, files.get(image.hash ?? '') ?? null));
    }
  }
  return described;
}

function describeImage(page: number, index: number, image: RawImage, file: string | null): JsonObject {
  const { width, height, x, y, shownWidth, shownHeight, channels, inline, problem } = image;
  return {
    page,
    index,
    width,
    height,
    color: channels === undefined ? null : COLOURS[channels],
    inline,
    position: { x: rounded(x), y: rounded(y), width: rounded(shownWidth), height: rounded(shownHeight) },
    dpi: dpiOf(image),
    file,
    ...(problem !== undefined && { problem }),
  };
}

function dpiOf({ width, shownWidth }: RawImage): JsonValue {
  return shownWidth > 0 ? Math.round((width * 72) / shownWidth) : null;
}
