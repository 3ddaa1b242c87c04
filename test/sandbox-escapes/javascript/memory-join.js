// attack: Array.prototype.join
// expect: error limit.memory
// with: memory=32 timeout=20000
new Array(1 << 20).fill('x'.repeat(1000)).join('');
