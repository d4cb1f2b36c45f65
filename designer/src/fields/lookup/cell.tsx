import { useModel } from '@/api/application-model';
import type { CellProps } from '../field-ui';
import { RecordLink } from '../record-link';
import { referenceOf } from './reference';

/** The name of the record that is pointed to, which opens it. */
export function LookupCell({ field, values }: CellProps) {
  const reference = referenceOf(useModel(), field, values);
  return reference ? <RecordLink reference={reference} /> : null;
}
