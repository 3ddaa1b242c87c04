// attack: a native function that takes for ever
// expect: stopped
// with: timeout=400
const sparse = [];
sparse.length = 2 ** 32 - 1;
sparse.indexOf(1);
Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 0);
