// attack: a stream handler that loops
// expect: stopped
// with: timeout=400
const agent = Agent.create({ name: 'a', model: 'mock/echo' });
agent.invokeStream('one two', () => { while (true); });
