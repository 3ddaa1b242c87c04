// attack: comparators inside each other
// expect: error limit.stack
const r = () => [2, 1].sort(r) && 0;
r();
