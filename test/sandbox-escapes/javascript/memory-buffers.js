// attack: array buffers
// expect: error limit.memory
// with: memory=32 timeout=20000
const all = [];
while (true) all.push(new ArrayBuffer(1 << 20));
