// attack: a getter inside itself
// expect: error limit.stack
const o = { get x() { return this.x; } };
o.x;
