// attack: toString inside toString
// expect: error limit.stack
const o = { toString() { return `${o}`; } };
`${o}`;
