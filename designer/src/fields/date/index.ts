import type { FieldUi } from '../field-ui';
import { DateCell } from './cell';

export const date: FieldUi = { cell: DateCell, filter: 'date', sortable: true, width: 130 };
