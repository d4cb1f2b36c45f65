import { useRef, useState, type KeyboardEvent } from 'react';

const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Moves the focus among the cells of a table by the arrow keys; one cell alone is reached by the tabulator.
 * `columnsOf` gives the columns of each row that have a cell. Cells are buttons with `data-row` and `data-column`.
 */
export function useGridFocus(columnsOf: readonly (readonly number[])[]) {
  const table = useRef<HTMLTableElement>(null);
  const [visited, setVisited] = useState<readonly [number, number]>([0, 0]);
  const stop: readonly [number, number] = columnsOf[visited[0]]?.includes(visited[1]) ? visited : [0, columnsOf[0]?.[0] ?? 0];
  const move = (event: KeyboardEvent<HTMLElement>, row: number, column: number) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const width = Math.max(...columnsOf.flat());
    for (let [r, c] = [row + step[0], column + step[1]]; columnsOf[r] && c >= 0 && c <= width; r += step[0], c += step[1]) {
      // What has no cell is passed over.
      if (!columnsOf[r]?.includes(c)) continue;
      setVisited([r, c]);
      table.current?.querySelector<HTMLButtonElement>(`button[data-row="${r}"][data-column="${c}"]`)?.focus();
      return;
    }
  };
  return { table, stop, move, visit: (row: number, column: number) => setVisited([row, column]) };
}
