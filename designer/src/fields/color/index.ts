import type { FieldUi } from '../field-ui';
import { ColorCell } from './cell';

export const color: FieldUi = { cell: ColorCell, filter: 'text', sortable: true, width: 120 };
