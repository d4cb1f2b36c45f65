import { DecimalCell } from '../decimal/cell';
import type { CellProps } from '../field-ui';

/** A percentage with its sign. */
export function PercentCell(props: CellProps) {
  return <DecimalCell {...props} unit=" %" />;
}
