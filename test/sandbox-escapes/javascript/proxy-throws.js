// attack: proxies whose traps throw things that are no errors
// expect: value "fine"
const spoil = () => { throw { toString() { throw 'no'; }, get message() { throw 'no'; }, get stack() { throw 'no'; }, get name() { throw 'no'; } }; };
const proxy = new Proxy({}, new Proxy({}, { get: () => spoil }));
for (const attempt of [() => Tool.execute('calculator', proxy), () => print(proxy), () => console.log(proxy), () => State.save('global', 'p', [proxy])]) { try { attempt(); } catch {} }
'fine';
