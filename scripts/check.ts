import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks/run.js';

// `npx tsx scripts/check.ts [name …]` runs all house checks or the named ones.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.exitCode = runChecks(root, process.argv.slice(2), console.log);
