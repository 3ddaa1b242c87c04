// attack: a growing map
// expect: error limit.memory
// with: memory=32 timeout=20000
const map = new Map();
for (let i = 0; ; i++) map.set(i, { i });
