// attack: handlers on promises of the sandbox and its results (CVE-2026-22709, CVE-2026-44000)
// expect: value "nothing"
const found = [];
const probe = (value) => {
  for (let at = value, depth = 0; at != null && depth < 8; at = Object.getPrototypeOf(Object(at)), depth++) {
    const made = at.constructor?.constructor;
    if (typeof made === 'function' && made('return typeof process')() !== 'undefined') found.push(String(value));
  }
};
const { then } = Promise.prototype;
Promise.prototype.then = function (yes, no) { probe(this); return then.call(this, (value) => { probe(value); return yes?.(value); }, (error) => { probe(error); if (no) return no(error); throw error; }); };
class Mine extends Promise { static get [Symbol.species]() { return function (run) { run(probe, probe); }; } }
try { await (async () => { throw new Error('x'); })(); } catch (error) { probe(error); }
try { await Promise.reject(new Error('y')); } catch (error) { probe(error); }
try { await import('node:fs'); } catch (error) { probe(error); }
try { new Mine((yes) => yes(1)).then(probe); } catch (error) { probe(error); }
await { then(yes) { probe(yes); yes(1); } };
found.length === 0 ? 'nothing' : found.join(' ');
