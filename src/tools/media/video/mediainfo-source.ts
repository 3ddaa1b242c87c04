/**
 * What runs in the process that reads a film's metadata: JavaScript that gets the path of the library and the size of
 * the file, which it finds open as descriptor 3. It prints the result as JSON. It has no other files, no variables,
 * and is ended from outside when it takes too long.
 */
export const MEDIAINFO_SOURCE = `'use strict';
const { readSync } = require('node:fs');
const [, library, size] = process.argv;
const read = (length, offset) => {
  const buffer = Buffer.alloc(length);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, readSync(3, buffer, 0, length, offset));
};
require(library)
  .default({ format: 'object', chunkSize: 256 * 1024 })
  .then((info) => info.analyzeData(Number(size), read))
  .then(
    (result) => process.stdout.write(JSON.stringify(result.media ? result.media.track : [])),
    (error) => {
      process.stderr.write(String((error && error.message) || error));
      process.exitCode = 1;
    },
  );`;
