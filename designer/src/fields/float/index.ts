import type { FieldUi } from '../field-ui';
import { FloatCell } from './cell';

export const float: FieldUi = { cell: FloatCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
