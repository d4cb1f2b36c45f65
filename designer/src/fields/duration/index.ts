import type { FieldUi } from '../field-ui';
import { DurationCell } from './cell';

export const duration: FieldUi = { cell: DurationCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
