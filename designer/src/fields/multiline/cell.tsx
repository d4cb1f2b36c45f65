import { valueOf, type CellProps } from '../field-ui';

/** Text with its line breaks. */
export function MultilineCell(props: CellProps) {
  const value = valueOf(props);
  return typeof value === 'string' ? <span style={{ whiteSpace: 'pre-line' }}>{value}</span> : null;
}
