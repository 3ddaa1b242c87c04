// attack: an agent that was destroyed
// expect: error agent.illegal_transition
const agent = Agent.create({ name: 'a', model: 'mock/echo' });
agent.destroy();
agent.execute('still there?');
