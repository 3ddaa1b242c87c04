import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One parsed source file. */
export interface Source {
  /** Relative to the project's root, with `/`. */
  path: string;
  tree: ts.SourceFile;
}

/** Every TypeScript file below `root/folder`, parsed, by path; declaration and generated files aside. */
export function readSources(root: string, folder: string): Source[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !/\.(d|generated)\.ts$/.test(path))
    .sort()
    .map((path) => ({ path, tree: parse(path, readFileSync(join(root, path), 'utf8')) }));
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Whether the file holds tests or cases for tests. */
export function isTest(source: Source): boolean {
  return /\.(test|case)\.ts$/.test(source.path);
}

/** `file:line` of a position. */
export function place(source: Source, position: number): string {
  return `${source.path}:${source.tree.getLineAndCharacterOfPosition(position).line + 1}`;
}

/** Calls `visit` for every node, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
