// attack: getters on arguments that throw
// expect: error script.error
Tool.execute('calculator', { get expression() { throw new Error('mine'); } });
