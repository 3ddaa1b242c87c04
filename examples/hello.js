// The smallest spell: it prints a line.
//
//   llmspell run examples/hello.js
//
// Prints a greeting.

print('Hello from a spell!');
