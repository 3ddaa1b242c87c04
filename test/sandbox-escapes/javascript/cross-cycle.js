// attack: an object that contains itself
// expect: error value.cyclic
const o = { list: [] };
o.list.push(o);
Tool.execute('calculator', o);
