// attack: recursion without end, caught again and again
// expect: value "fine"
const f = () => f() + 1;
for (let i = 0; i < 20; i++) { try { f(); } catch {} }
'fine';
