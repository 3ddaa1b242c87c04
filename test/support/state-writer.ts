import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { testContext } from '../../src/core/testing.js';
import { openLmdbStore } from '../../src/storage/lmdb.js';
import { openWorker, operate } from './state-operations.js';

/** Works on a store and says what is done: `state-writer DIRECTORY SEED OPERATIONS`. */
const [directory, seed, operations] = process.argv.slice(2) as [string, string, string];
const { context } = testContext();
const worker = openWorker(await openLmdbStore(join(directory, 'state')), join(directory, 'backups'));
for (let index = 0; index < Number(operations); index++) {
  await operate(worker, { seed: Number(seed), index }, context);
  writeSync(1, `ack ${index}\n`);
}
