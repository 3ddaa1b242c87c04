import { createRequire } from 'node:module';
import { findProgram } from '../security/programs.js';
import type { Feature } from '../tools/features.js';

/** Whether the package or program behind a feature is there. Nothing is loaded or started. */
export function isInstalled({ needs }: Feature, searchPath: string): boolean {
  if ('program' in needs) return findProgram(needs.program, searchPath, '/') !== undefined;
  try {
    createRequire(import.meta.url).resolve(needs.package);
    return true;
  } catch {
    return false;
  }
}
