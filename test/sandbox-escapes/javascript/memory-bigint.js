// attack: big integers that grow without end
// expect: error script.error
// with: timeout=20000
let n = 3n;
while (true) n = n * n;
