import type { FieldUi } from '../field-ui';
import { BooleanCell } from './cell';

export const boolean: FieldUi = { cell: BooleanCell, filter: 'boolean', sortable: true, width: 90 };
