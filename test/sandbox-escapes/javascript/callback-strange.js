// attack: a tool that gives or throws strange things
// expect: value "fine"
const results = [() => Symbol('s'), () => new Proxy({}, { get() { throw 1; } }), () => { throw null; }, () => { throw { toString() { throw 1; } }; }, () => Promise.reject(1), () => Promise.resolve(() => 1), () => globalThis, () => new Promise(() => {})];
let i = 0;
for (const execute of results.slice(0, 7)) { Tool.register({ name: `t${i}`, description: 'strange', execute }); try { Tool.execute(`t${i}`, {}); } catch {} i++; }
'fine';
