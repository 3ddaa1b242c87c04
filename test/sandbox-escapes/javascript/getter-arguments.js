// attack: getters on arguments that run code during the crossing
// expect: value ["called","fine"]
let state = 'not called';
const value = { get expression() { state = 'called'; Tool.execute('calculator', { expression: '2+2' }); return '1+1'; }, get __proto__x() { return 1; } };
[Tool.execute('calculator', value).success ? state : 'failed', 'fine'];
