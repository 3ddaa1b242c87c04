// attack: keys that mean something to JavaScript are data on the way there and back
// expect: value ["__proto__","constructor","prototype","toString"]
State.save('global', 'keys', JSON.parse('{"__proto__": {"x": 1}, "constructor": 1, "prototype": 2, "toString": 3}'));
const back = State.load('global', 'keys');
if (Object.getPrototypeOf(back) !== Object.prototype || back.x !== undefined) throw new Error('the prototype was set');
Object.keys(back).sort();
