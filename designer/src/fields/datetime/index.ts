import type { FieldUi } from '../field-ui';
import { DateTimeCell } from './cell';

export const datetime: FieldUi = { cell: DateTimeCell, filter: 'datetime', sortable: true, width: 170 };
