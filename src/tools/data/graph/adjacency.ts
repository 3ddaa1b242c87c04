import type { ExecutionContext } from '../../../core/context.js';
import { pause } from '../source/bytes.js';
import type { Graph } from './model.js';

/** A way from a node to another. */
export interface Arc {
  to: number;
  weight: number;
  /** The edge's place in the graph. */
  edge: number;
}

/** A graph by numbers, for algorithms. */
export interface Adjacency {
  ids: string[];
  /** Ways out of each node; of an undirected graph all ways. */
  out: Arc[][];
  /** Ways into each node; of an undirected graph the same as `out`. */
  in: Arc[][];
  indexOf: ReadonlyMap<string, number>;
}

/** The graph as lists of ways. An edge without a weight weighs 1; a loop of an undirected graph is one way. */
export function adjacencyOf(graph: Graph): Adjacency {
  const ids = [...graph.nodes.keys()];
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const out: Arc[][] = ids.map(() => []);
  const into: Arc[][] = graph.directed ? ids.map(() => []) : out;
  graph.edges.forEach(({ from, to, weight = 1 }, edge) => {
    const [start, end] = [indexOf.get(from)!, indexOf.get(to)!];
    out[start]!.push({ to: end, weight, edge });
    if (graph.directed || start !== end) into[end]!.push({ to: start, weight, edge });
  });
  return { ids, out, in: into, indexOf };
}

/** Lets others work now and then during long computations. */
export class Pacer {
  private steps = 0;

  constructor(
    private readonly context: ExecutionContext,
    private readonly stepsPerTurn = 50_000,
  ) {}

  /** Counts steps; true when it is time to {@link rest}. */
  due(steps = 1): boolean {
    this.steps += steps;
    return this.steps >= this.stepsPerTurn;
  }

  /** Lets the event loop turn; raises when the call was cancelled. */
  async rest(): Promise<void> {
    this.steps = 0;
    await pause(this.context);
  }
}
