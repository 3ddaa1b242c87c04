import type { ExecutionContext } from '../core/context.js';
import type { ModelMessage, ModelRequest } from '../providers/model.js';
import type { ResolvedModel } from '../providers/registry.js';
import type { AgentAnswer, AgentProgress, AgentRunner, AgentServices } from './contract.js';
import { type AgentInput, userMessage } from './input.js';
import { agentLoop, type LoopParts } from './loop.js';
import type { AgentPlan } from './plan.js';
import { structuredLoop } from './structured.js';
import { answerToolCall } from './tool-turn.js';
import { Toolbox } from './toolbox.js';

/** The runner of agents that ask a model. The model is found at the first execution and then kept. */
export function llmRunner(plan: AgentPlan, services: AgentServices): AgentRunner {
  const resolve = resolveOnce(plan, services);
  return async function* run(input, history, context): AsyncGenerator<AgentProgress, AgentAnswer> {
    const resolved = await resolve();
    const user = userMessage(input);
    const system: ModelMessage[] = plan.systemPrompt ? [{ role: 'system', text: plan.systemPrompt }] : [];
    const messages = [...system, ...history, user];
    const parts = await loopParts(plan, input, services, resolved, context);
    const schema = input.response_schema ?? plan.responseSchema;
    const result = schema
      ? yield* structuredLoop(messages, parts, schema, context)
      : yield* agentLoop(messages, parts, context);
    const { provider, model } = resolved.model;
    return { ...result, provider, model, messages: [user, ...result.messages] };
  };
}

/** A failure to find the model is not kept: the next execution tries again. */
function resolveOnce(plan: AgentPlan, services: AgentServices): () => Promise<ResolvedModel> {
  let found: Promise<ResolvedModel> | undefined;
  const overrides = {
    ...(plan.baseUrl !== undefined && { baseUrl: plan.baseUrl }),
    ...(plan.apiKey !== undefined && { apiKey: plan.apiKey }),
  };
  return () => {
    found ??= services.resolveModel(plan.model, overrides);
    found.catch(() => {
      found = undefined;
    });
    return found;
  };
}

async function loopParts(
  plan: AgentPlan,
  input: AgentInput,
  services: AgentServices,
  { model, settings }: ResolvedModel,
  context: ExecutionContext,
): Promise<LoopParts> {
  const toolbox = await Toolbox.open(services.tools, plan.maxToolCalls > 0 ? plan.allowedTools : [], context);
  warnOfMissing(plan.name, toolbox, context);
  const request: LoopParts['request'] = {
    temperature: input.temperature ?? plan.temperature,
    maxTokens: input.max_tokens ?? plan.maxTokens,
    topP: plan.topP,
    seed: plan.seed,
    stop: plan.stop && [...plan.stop],
    ...(toolbox.offered.length > 0 && { tools: [...toolbox.offered] }),
  };
  return {
    request,
    maxToolCalls: plan.maxToolCalls,
    converse: (asked: ModelRequest, inner) => services.converse(model, asked, inner, settings),
    callTool: (call, inner) => answerToolCall(call, toolbox, services.tools, inner),
  };
}

function warnOfMissing(agent: string, toolbox: Toolbox, context: ExecutionContext): void {
  if (toolbox.missing.length === 0) return;
  const names = toolbox.missing.map((name) => `'${name}'`).join(', ');
  context.emit({
    type: 'log',
    level: 'warn',
    module: 'agents',
    message: `Agent '${agent}' is allowed tools that do not exist: ${names}`,
  });
}
