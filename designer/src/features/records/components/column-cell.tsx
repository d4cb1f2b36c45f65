import type { RecordValues, StoredRecord } from '@/api/records';
import type { ListColumn } from '../hooks/use-record-list';

/** A value of a row; one behind a lookup is taken from the expanded record. */
export function ColumnCell({ column, row }: { column: ListColumn; row: StoredRecord }) {
  const Cell = column.ui.cell;
  const values = column.lookup ? row[column.lookup.name] : row;
  if (typeof values !== 'object' || values === null) return null;
  return <Cell field={column.field} values={values as RecordValues} />;
}
