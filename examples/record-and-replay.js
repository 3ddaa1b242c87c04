// A recorded run can be run again, byte for byte: time, chance, tools and models answer from the recording.
//
//   llmspell run --record dice.jsonl examples/record-and-replay.js
//   llmspell run --replay dice.jsonl
//
// Prints something else at each live run, and the same at each replay.

const dice = Array.from({ length: 5 }, () => 1 + Math.floor(Math.random() * 6));
print(`dice: ${dice.join(' ')}`);
print(`time: ${new Date().toISOString().slice(11, 19)}`);
print(`id:   ${Tool.execute('uuid-generator', { operation: 'generate' }).result.uuid}`);
