// attack: values that are not data
// expect: value "fine"
for (const value of [Symbol('s'), () => {}, new Map([[1, 2]]), new Set([1]), new WeakMap(), new Date(NaN), /x/g, new Error('e'), Promise.resolve(1), new Proxy([], {}), 2n ** 100n, -0, NaN, Infinity, new ArrayBuffer(8), new Float64Array(2), new Number(1), new String('agent:1'), new Boolean(true), Object.create(null), globalThis, new (class X { #p = 1; })(), arguments => 1, [, 1], Object.assign([1], { x: 2 }), '\ud800', '\0']) { try { State.save('global', 'v', value); State.load('global', 'v'); } catch {} try { Tool.execute('calculator', { expression: value }); } catch {} try { print(value); } catch {} }
'fine';
