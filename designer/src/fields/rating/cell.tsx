import { Rating } from '@mantine/core';
import { isEmpty, valueOf, type CellProps } from '../field-ui';

/** The stars that were given. */
export function RatingCell(props: CellProps) {
  const value = valueOf(props);
  return isEmpty(value) ? null : <Rating readOnly size="xs" count={props.field.max ?? 5} value={Number(value)} />;
}
