import type { FieldUi } from '../field-ui';
import { PercentCell } from './cell';

export const percent: FieldUi = { cell: PercentCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
