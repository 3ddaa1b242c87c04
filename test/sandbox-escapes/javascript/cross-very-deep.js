// attack: an object of a hundred thousand levels
// expect: error value.too_deep
let o = {};
for (let i = 0; i < 100000; i++) o = { o };
Tool.execute('calculator', o);
