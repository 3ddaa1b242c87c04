// attack: one long text mentioned a thousand times
// expect: error value.too_large|limit.memory
// with: memory=256 timeout=60000
Tool.execute('calculator', { list: new Array(1000).fill('x'.repeat(1000000)) });
