import { plainText } from '@/lib/plain-text';
import { valueOf, type CellProps } from '../field-ui';

/** The words of a formatted text. */
export function RichTextCell(props: CellProps) {
  const value = valueOf(props);
  return typeof value === 'string' ? <>{plainText(value)}</> : null;
}
