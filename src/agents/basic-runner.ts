import { noUsage } from '../core/events.js';
import type { AgentAnswer, AgentProgress, AgentRunner } from './contract.js';
import { userMessage } from './input.js';

/** The runner of basic agents, which ask nobody and say what they were given. */
export function basicRunner(name: string): AgentRunner {
  return async function* run(input): AsyncGenerator<AgentProgress, AgentAnswer> {
    const text = `BasicAgent '${name}' received: ${input.text}`;
    yield { type: 'text', text };
    return {
      provider: 'basic',
      model: 'echo',
      text,
      finishReason: 'stop',
      usage: noUsage(),
      toolCalls: [],
      messages: [userMessage(input), { role: 'assistant', text }],
    };
  };
}
