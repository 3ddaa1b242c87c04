// attack: replacements inside each other
// expect: error limit.stack
const r = () => 'a'.replace(/a/, r);
r();
