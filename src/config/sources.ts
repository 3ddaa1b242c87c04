import path from 'node:path';
import { DEFAULT_CONFIG } from './defaults.js';
import { readConfigFile } from './files.js';
import { copyData, type Layer } from './layers.js';
import { anchorPaths, expandHome, resolveAliases } from './normalise.js';
import type { ConfigFiles, LoadOptions } from './options.js';
import { formatPath } from './paths.js';
import { linesOfKeys } from './positions.js';
import { parseToml } from './toml.js';
import type { FreeTable } from './types.js';

/** The bottom layer. Its values are frozen. */
export function defaultLayer(): Layer {
  return { kind: 'default', values: DEFAULT_CONFIG as unknown as FreeTable };
}

/** The top layer. */
export function flagLayer(overrides: LoadOptions['overrides']): Layer {
  return { kind: 'flag', values: resolveAliases(copyData(overrides ?? {}) as FreeTable) };
}

/** The layers of a comma list of profiles. */
export async function profileLayers(names: string, home: string): Promise<Layer[]> {
  const { findProfiles } = await import('./profiles.js');
  return findProfiles(names).map(({ name, values }) => ({
    kind: 'profile',
    values: expandHome(values, home) as FreeTable,
    where: () => name,
  }));
}

/** The layers of the files, weakest first. */
export async function fileLayers(files: ConfigFiles, options: LoadOptions): Promise<Layer[]> {
  const layers: Layer[] = [];
  if (files.user) layers.push(await fileLayer('user', files.user, options.home));
  if (!files.project) return layers;
  const { path: file, directory } = files.project;
  const layer = await fileLayer('project', file, options.home);
  if (directory && directory !== path.resolve(options.cwd)) anchorPaths(layer.values, directory);
  return [...layers, layer];
}

/** One file as a layer that knows the line of each key. */
export async function fileLayer(kind: 'user' | 'project', file: string, home: string): Promise<Layer> {
  const text = await readConfigFile(file);
  const values = expandHome(await parseToml(text, file), home) as FreeTable;
  const lines = linesOfKeys(text);
  return { kind, values: resolveAliases(values), where: (at) => lineOf(file, lines, at) };
}

/** The position of the key, or of the nearest table around it. */
function lineOf(file: string, lines: ReadonlyMap<string, number>, at: readonly string[]): string {
  for (let length = at.length; length > 0; length--) {
    const line = lines.get(formatPath(at.slice(0, length)));
    if (line !== undefined) return `${file}:${line}`;
  }
  return file;
}
