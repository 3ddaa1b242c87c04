// attack: JSON.stringify inside toJSON
// expect: error limit.stack
const o = { toJSON: () => JSON.stringify(o) };
JSON.stringify(o);
