// State outlives the spell: this one counts how often it was run.
//
//   llmspell run examples/state-counter.js
//
// Prints 1 the first time, 2 the second time, and so on; with --reset it begins again.

if (ARGS.reset) State.delete('counter', 'runs');

const runs = (State.load('counter', 'runs') ?? 0) + 1;
State.save('counter', 'runs', runs);
print(`This spell has been run ${runs} ${runs === 1 ? 'time' : 'times'}.`);
