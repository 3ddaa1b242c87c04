// Looking into a spell: dumps, log messages with levels and modules, timers.
//
//   llmspell run examples/debug-and-timers.js
//
// Prints dumps and what was logged; the log itself goes to stderr.

print(Debug.dump({ name: 'Ada', tags: ['a', 'b'] }, 'person'));
print(Debug.dumpCompact({ name: 'Ada', tags: ['a', 'b'] }));

Debug.setLevel('info');
Debug.debug('not kept: below the level', 'shop');
Debug.warn('stock is low', 'shop.stock');
for (const entry of Debug.getCapturedEntries()) print(`${entry.level} [${entry.module}] ${entry.message}`);

const timer = Debug.timer('sum');
let sum = 0;
for (let number = 1; number <= 100000; number++) sum += number;
print(`sum: ${sum}, took a while: ${timer.stop() >= 0}`);
