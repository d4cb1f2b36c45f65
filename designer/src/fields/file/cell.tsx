import { valueOf, type CellProps } from '../field-ui';
import { FileLink } from './file-link';

/** A link to the file. */
export function FileCell(props: CellProps) {
  const value = valueOf(props);
  return typeof value === 'string' ? <FileLink id={value} /> : null;
}
