// attack: a growing array
// expect: error limit.memory
// with: memory=32 timeout=20000
const list = [];
while (true) list.push(list.length);
