import { useModel } from '@/api/application-model';
import type { RecordValues } from '@/api/records';
import { nameOf } from '@/api/selection';
import { targetsOf } from '../lookup/reference';
import type { CellProps } from '../field-ui';

/** The linked records of a record. */
export function linkedRecords({ field, values }: CellProps): RecordValues[] {
  const value = values[field.name];
  return Array.isArray(value) ? (value as RecordValues[]) : [];
}

/** The names of the linked records. */
export function LinksCell(props: CellProps) {
  const model = useModel();
  const target = targetsOf(model, props.field)[0];
  return <>{linkedRecords(props).map((each) => nameOf(model, target, each) ?? '').join(', ')}</>;
}
