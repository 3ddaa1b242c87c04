// attack: proxies as arguments, with every trap
// expect: value "nothing"
const found = [];
const traps = {};
for (const trap of Object.getOwnPropertyNames(Reflect)) {
  if (trap === 'toString') continue;
  traps[trap] = (...args) => {
    for (const arg of args) if (typeof arg === 'function' && arg.constructor('return typeof process')() !== 'undefined') found.push(trap);
    return Reflect[trap](...args);
  };
}
for (const target of [{}, [], () => {}, new Date(), new Map()]) {
  const proxy = new Proxy(target, traps);
  for (const attempt of [() => Tool.execute('calculator', proxy), () => Tool.execute(proxy, {}), () => State.save('global', 'p', proxy), () => Agent.create(proxy), () => print(proxy), () => JSON.stringify(proxy), () => Debug.dump(proxy)]) { try { attempt(); } catch {} }
}
found.length === 0 ? 'nothing' : found.join(' ');
