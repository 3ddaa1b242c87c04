import { fail } from '../core/errors.js';

/** Something that is not part of every installation. */
export interface Feature {
  readonly name: string;
  /** One sentence: what it adds. */
  readonly adds: string;
  /** The tools that use it. */
  readonly tools: readonly string[];
  /** The npm package that has to be there, or the program in the search path. */
  readonly needs: { package: string } | { program: string };
  /** The command that installs it. */
  readonly install: string;
}

/** What can be installed besides llmspell itself. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'images',
    adds: 'Resizing, cropping, rotating, converting and comparing images.',
    tools: ['image-processor'],
    needs: { package: 'sharp' },
    install: 'npm install sharp',
  },
  {
    name: 'ffmpeg',
    adds: 'Converting and trimming sound and film, extracting frames and audio tracks.',
    tools: ['audio-processor', 'video-processor'],
    needs: { program: 'ffmpeg' },
    install: 'apt-get install ffmpeg (or: brew install ffmpeg)',
  },
];

/**
 * Loads an optional package.
 * @param load a literal `import()`, so that bundlers see it
 * @throws `feature.missing` with the command that installs it
 */
export async function loadFeature<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw missingFeature(name, error);
  }
}

/** The error for a part that is not installed. */
export function missingFeature(name: string, cause?: unknown): Error {
  const feature = FEATURES.find((one) => one.name === name);
  const needs = feature && ('package' in feature.needs ? feature.needs.package : feature.needs.program);
  return fail('feature.missing', `This needs ${needs ?? name}, which is not installed`, {
    ...(feature && { hint: `Install it with: ${feature.install}` }),
    details: { feature: name },
    cause,
  });
}
