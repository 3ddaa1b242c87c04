// attack: doubling a string
// expect: error limit.memory
// with: memory=32 timeout=20000
let s = 'x';
while (true) { s += s; s.charCodeAt(0); }
