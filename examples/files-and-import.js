// Files through the file-operations tool, in the folders that are granted, and a module that stands beside the
// spell (lib/inventory.js).
//
//   llmspell run examples/files-and-import.js
//
// Prints what was written and read again. Without a grant a spell writes only to the temporary folder.

import { readInventory } from './lib/inventory.js';

const path = `/tmp/llmspell-inventory-${Math.random().toString(36).slice(2)}.csv`;
Tool.execute('file-operations', { operation: 'write', path, input: 'apples,12\npears,3\n' });

const counts = readInventory(path);
print(`apples: ${counts.apples}, pears: ${counts.pears}`);

Tool.execute('file-operations', { operation: 'delete', path });
const { exists } = Tool.execute('file-operations', { operation: 'exists', path }).result;
print(`removed: ${!exists}`);
