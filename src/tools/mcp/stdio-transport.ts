import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { McpServerConfig } from '../../config/types.js';
import type { ExecutionContext } from '../../core/context.js';
import { type GuardedProcess, startGuarded } from '../../security/processes.js';

/** Bytes of a server's own output that are kept for the error message when it fails. */
const KEPT_STDERR = 4000;
/** Milliseconds a server gets to leave by itself once its input is closed. */
const FAREWELL_MS = 500;

/**
 * MCP over the standard streams of a server, which runs in a process tree that is always ended: when the connection
 * closes, when the context aborts, and when llmspell leaves.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private process: GuardedProcess | undefined;
  private stderr = '';
  private closing: Promise<void> | undefined;

  constructor(
    private readonly server: McpServerConfig,
    private readonly context: ExecutionContext,
  ) {}

  /** The end of what the server wrote to its standard error. */
  get complaint(): string {
    return this.stderr.trim();
  }

  /** Starts the server. */
  async start(): Promise<void> {
    const { command, args = [], env, cwd } = this.server;
    const { ReadBuffer } = await import('@modelcontextprotocol/sdk/shared/stdio.js');
    const buffer = new ReadBuffer();
    const process = await startGuarded(command!, args, this.context, { cwd, env });
    this.process = process;
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR);
    });
    process.stdout.on('data', (chunk: Buffer) => this.receive(buffer, chunk));
    void process.ended.catch(() => {}).then(() => this.onclose?.());
  }

  /** Writes one message; settles when it has left. */
  async send(message: JSONRPCMessage): Promise<void> {
    const { serializeMessage } = await import('@modelcontextprotocol/sdk/shared/stdio.js');
    const { process } = this;
    if (!process) throw new Error('The server is not running');
    await new Promise<void>((resolve, reject) =>
      process.stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Closes the server's input, gives it a moment to leave and ends what is still there. Whoever closes it again waits for that. */
  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (!process) return;
    process.stdin.end();
    const patience = new AbortController();
    await Promise.race([
      process.ended.catch(() => {}),
      this.context.effects.sleep(FAREWELL_MS, patience.signal).catch(() => {}),
    ]);
    patience.abort();
    await process.end();
  }

  private receive(
    buffer: { append(chunk: Buffer): void; readMessage(): JSONRPCMessage | null },
    chunk: Buffer,
  ): void {
    try {
      buffer.append(chunk);
    } catch (error) {
      return this.onerror?.(error as Error);
    }
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        // A line that is no message: a program that also prints for people.
        this.onerror?.(error as Error);
      }
    }
  }
}
