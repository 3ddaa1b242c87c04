// attack: closures
// expect: error limit.memory
// with: memory=32 timeout=20000
let f = () => 0;
while (true) { const before = f; f = () => before; }
