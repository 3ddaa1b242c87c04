// attack: code made from text knows the same globals
// expect: value [true,true,true,"undefined"]
const made = [new Function('return globalThis')(), (0, eval)('globalThis'), Object.getPrototypeOf(async () => {}).constructor('return globalThis')];
[made[0] === globalThis, made[1] === globalThis, typeof made[2] === 'function', new Function('return typeof process')()];
