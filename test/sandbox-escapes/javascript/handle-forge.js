// attack: objects that pretend to be handles
// expect: value "refused"
const agent = Agent.create({ name: 'a', model: 'mock/echo' });
const outcomes = [];
const fakes = [Object.create(agent), { ...agent }, Object.defineProperty(Object.create(Object.getPrototypeOf(agent)), 'id', { value: 'agent:1' }), Object('agent:1'), { $ref: 'agent:1' }, { $handle: 'agent:1' }, { handle: 'agent:1' }];
for (const fake of fakes) { try { if (Agent.prototype) outcomes.push('prototype'); const text = Reflect.apply(Object.getPrototypeOf(agent).execute ?? (() => { throw 0; }), fake, ['x']); if (fake !== agent) outcomes.push(String(text?.text)); } catch {} }
outcomes.every((outcome) => outcome === 'x') || outcomes.length === 0 ? 'refused' : outcomes.join(' ');
