import { addUsage, noUsage, type Usage } from '../core/events.js';

/** Counts of one agent, as scripts see them. */
export interface MetricsSnapshot {
  requests_total: number;
  requests_failed: number;
  requests_active: number;
  tool_invocations: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  total_duration_ms: number;
}

/** How an agent does, as scripts see it. Rates are shares of the finished executions, 0 before the first. */
export interface Performance {
  total_executions: number;
  avg_execution_time_ms: number;
  success_rate: number;
  error_rate: number;
}

/** Counts what one agent did. */
export class AgentMetrics {
  private started = 0;
  private succeeded = 0;
  private failed = 0;
  private toolCalls = 0;
  private durationMs = 0;
  private usage: Usage = noUsage();

  /** An execution begins; call exactly one of the returned functions when it ends. */
  begin(): { succeed(durationMs: number, usage: Usage): void; fail(durationMs: number): void } {
    this.started++;
    return {
      succeed: (durationMs, usage) => {
        this.succeeded++;
        this.durationMs += durationMs;
        this.usage = addUsage(this.usage, usage);
      },
      fail: (durationMs) => {
        this.failed++;
        this.durationMs += durationMs;
      },
    };
  }

  /** A tool was called. */
  countTool(): void {
    this.toolCalls++;
  }

  /** All counts. */
  snapshot(): MetricsSnapshot {
    return {
      requests_total: this.started,
      requests_failed: this.failed,
      requests_active: this.started - this.succeeded - this.failed,
      tool_invocations: this.toolCalls,
      input_tokens: this.usage.inputTokens,
      output_tokens: this.usage.outputTokens,
      cost_usd: this.usage.costUsd,
      total_duration_ms: this.durationMs,
    };
  }

  /** Averages and rates. */
  performance(): Performance {
    const finished = this.succeeded + this.failed;
    const per = (value: number) => (finished === 0 ? 0 : value / finished);
    return {
      total_executions: finished,
      avg_execution_time_ms: per(this.durationMs),
      success_rate: per(this.succeeded),
      error_rate: per(this.failed),
    };
  }
}
