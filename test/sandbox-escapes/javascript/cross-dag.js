// attack: an object that doubles forty times when copied
// expect: error value.too_large|execution.timeout|execution.killed
// with: memory=256 timeout=2000
let o = {};
for (let i = 0; i < 40; i++) o = [o, o];
Tool.execute('calculator', { o });
