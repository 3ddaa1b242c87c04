// attack: recursion without end
// expect: error limit.stack
const f = () => f() + 1;
f();
