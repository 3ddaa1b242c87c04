import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

/** What was accepted of a server: a hash of its whole tool list, and one for each tool to say what has changed. */
export interface Pin {
  hash: string;
  tools: Record<string, string>;
}

/** Where accepted pins are kept. */
export interface PinStore {
  load(server: string): Pin | undefined;
  save(server: string, pin: Pin): void;
}

/** The pin of a tool list; what a model reads of a tool is in it, so a description cannot change unseen. */
export function pinOf(tools: readonly Tool[]): Pin {
  const hashes = tools.map((tool) => [tool.name, hashOf(tool)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return { hash: sha256(JSON.stringify(hashes)), tools: Object.fromEntries(hashes) };
}

/** What is different between two pins, in words. */
export function pinChanges(before: Pin, after: Pin): string[] {
  const names = [...new Set([...Object.keys(before.tools), ...Object.keys(after.tools)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.tools[name], after.tools[name]];
    if (old === now) return [];
    if (old === undefined) return [`new tool ${name}`];
    return now === undefined ? [`tool ${name} is gone`] : [`tool ${name} is described otherwise`];
  });
}

function hashOf({ name, description, inputSchema, outputSchema, annotations, title }: Tool): string {
  return sha256(canonical({ name, title, description, inputSchema, outputSchema, annotations }));
}

/** JSON with sorted keys, so that the order in which a server writes them means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
