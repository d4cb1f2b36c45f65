import type { FieldUi } from '../field-ui';
import { IntegerCell } from './cell';

export const integer: FieldUi = { cell: IntegerCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
