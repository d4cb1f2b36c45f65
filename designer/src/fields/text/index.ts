import type { FieldUi } from '../field-ui';
import { TextCell } from './cell';

export const text: FieldUi = { cell: TextCell, filter: 'text', sortable: true, width: 220 };
