// The smallest spell in TypeScript: its types are removed, not checked, when it runs; editors check them.
//
//   llmspell run examples/hello.ts
//
// Prints a greeting.

const greeting = (name: string): string => `Hello from a ${name}!`;

print(greeting('spell'));
