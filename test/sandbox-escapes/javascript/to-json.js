// attack: toJSON and toString are not called on arguments
// expect: value "nothing"
const found = [];
const value = { toJSON() { found.push('toJSON'); return '1'; }, toString() { found.push('toString'); return '1'; }, valueOf() { found.push('valueOf'); return 1; }, [Symbol.toPrimitive]() { found.push('toPrimitive'); return 1; } };
try { State.save('global', 'x', [value]); } catch {}
try { Tool.execute('calculator', { expression: value }); } catch {}
found.length === 0 ? 'nothing' : found.join(' ');
