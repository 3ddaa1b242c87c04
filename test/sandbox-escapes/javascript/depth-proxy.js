// attack: proxies inside each other
// expect: error limit.stack
let p = {};
for (let i = 0; i < 200000; i++) p = new Proxy(p, {});
p.x;
