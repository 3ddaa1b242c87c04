import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GlobalDefinition } from '../../src/globals/define.js';
import type { ProviderDefinition } from '../../src/providers/model.js';
import type { ToolDefinition } from '../../src/tools/define.js';

/** A definition and the file that holds it, relative to the folder it was sought in. */
export interface Found<T> {
  file: string;
  definition: T;
}

/** Everything the generated files are made from, sorted so that their order never depends on the file system. */
export interface Sources {
  globals: Found<GlobalDefinition>[];
  tools: Found<ToolDefinition>[];
  providers: Found<ProviderDefinition>[];
  commands: Found<{ name: string; summary: string }>[];
}

/** Loads every definition in the source tree. */
export async function readSources(root: string): Promise<Sources> {
  const src = join(root, 'src');
  return {
    globals: await definitions<GlobalDefinition>(join(src, 'globals'), (value) => 'members' in value, 'name'),
    tools: await definitions<ToolDefinition>(join(src, 'tools'), (value) => 'samples' in value, 'name'),
    providers: await definitions<ProviderDefinition>(
      join(src, 'providers/definitions'),
      (value) => 'keyVariables' in value,
      'type',
    ),
    commands: await definitions<{ name: string; summary: string }>(
      join(src, 'cli/commands'),
      (value) => 'summary' in value,
      'name',
    ),
  };
}

async function definitions<T extends object>(
  folder: string,
  accept: (value: object) => boolean,
  key: keyof T,
): Promise<Found<T>[]> {
  const found: Found<T>[] = [];
  for (const file of sourceFiles(folder)) {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    const value = module.default;
    if (typeof value === 'object' && value !== null && accept(value)) {
      found.push({
        file: relative(folder, file).replaceAll('\\', '/').replace(/\.ts$/, '.js'),
        definition: value as T,
      });
    }
  }
  return found.sort((a, b) => (String(a.definition[key]) < String(b.definition[key]) ? -1 : 1));
}

function sourceFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => name.endsWith('.ts') && !/\.(test|case|generated|d)\.ts$/.test(basename(name)))
    .map((name) => join(folder, name));
}
