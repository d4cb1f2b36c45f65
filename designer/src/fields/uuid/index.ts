import type { FieldUi } from '../field-ui';
import { UuidCell } from './cell';

export const uuid: FieldUi = { cell: UuidCell, filter: 'text', sortable: true, width: 220 };
