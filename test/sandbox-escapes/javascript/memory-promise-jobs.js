// attack: promise jobs that fill the memory, each waiting for the next
// expect: error limit.memory
// with: timeout=60000 memory=24
const again = () => Promise.resolve().then(again);
again();
await new Promise(() => {});
