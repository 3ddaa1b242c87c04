// attack: constructor.constructor on every global, handle, result and error
// expect: value "nothing"
const agent = Agent.create({ name: 'a', model: 'mock/echo' });
let failure;
try { Tool.execute('no-such-tool', {}); } catch (error) { failure = error; }
const result = Tool.execute('calculator', { expression: '1+1' });
const found = [];
const objects = { Tool, Agent, State, JSON, agent, result, failure, execute: Tool.execute, method: agent.execute, print, console, Config, ARGS };
for (const [name, object] of Object.entries(objects)) {
  for (let at = object, depth = 0; at != null && depth < 6; at = Object.getPrototypeOf(at), depth++) {
    for (const key of Reflect.ownKeys(Object(at))) {
      const value = Object.getOwnPropertyDescriptor(at, key)?.value;
      if (typeof value !== 'function') continue;
      try {
        const global = value.constructor('return this')();
        if (global !== globalThis && global !== undefined) found.push(`${name}.${String(key)}`);
        const host = value.constructor('return typeof process + typeof require + typeof Buffer + typeof module')();
        if (host !== 'undefinedundefinedundefinedundefined') found.push(`${name}.${String(key)} ${host}`);
      } catch {}
    }
  }
}
found.length === 0 ? 'nothing' : found.join(' ');
