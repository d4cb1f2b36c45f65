import type { FieldUi } from '../field-ui';
import { DecimalCell } from './cell';

export const decimal: FieldUi = { cell: DecimalCell, filter: 'number', sortable: true, alignEnd: true, width: 130 };
