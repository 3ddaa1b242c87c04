import type { JsonValue } from '../../../core/values.js';
import type { Cell, PageContent } from '../page/read-page.js';

/** The most rows and columns of a table that are read. */
export const TABLE_LIMITS = { rows: 1000, columns: 100 } as const;

/** Tables as grids of text: a cell that spans rows or columns stands in each of them. */
export function tablesOf({ tables }: PageContent): JsonValue {
  return (tables?.tables ?? []).map(({ caption, rows, total }) => {
    const grid = gridOf(rows);
    const headed = rows.length > 0 && rows[0]!.length > 0 && rows[0]!.every((cell) => cell.header);
    return {
      ...(caption && { caption }),
      headers: headed ? grid[0]! : [],
      rows: headed ? grid.slice(1) : grid,
      ...(total > rows.length && { truncated: true }),
    };
  });
}

function gridOf(rows: readonly Cell[][]): string[][] {
  const grid: string[][] = rows.map(() => []);
  rows.forEach((cells, top) => {
    let left = 0;
    for (const cell of cells) {
      while (grid[top]![left] !== undefined) left++;
      fill(grid, cell, top, left);
      left += cell.colspan;
    }
  });
  return grid.map((row) => Array.from(row, (text) => text ?? ''));
}

function fill(grid: string[][], { text, rowspan, colspan }: Cell, top: number, left: number): void {
  const right = Math.min(left + colspan, TABLE_LIMITS.columns);
  for (const row of grid.slice(top, top + rowspan))
    for (let column = left; column < right; column++) row[column] ??= text;
}
