// attack: array species and getters during a crossing (CVE-2026-44008)
// expect: value "nothing"
const found = [];
class Evil extends Array {
  static get [Symbol.species]() { return function (...args) { for (const arg of args) if (typeof arg === 'function') found.push('function'); return []; }; }
  get length() { return 2; }
}
const list = new Evil();
try { Object.defineProperty(list, 'map', { value(fn) { if (fn?.constructor?.('return typeof process')() !== 'undefined') found.push('map'); return []; } }); } catch {}
for (const value of [list, { list }, new Evil(1, 2)]) { try { Tool.execute('calculator', { value }); } catch {} try { State.save('global', 'x', value); } catch {} }
found.length === 0 ? 'nothing' : found.join(' ');
