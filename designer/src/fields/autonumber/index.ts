import type { FieldUi } from '../field-ui';
import { AutoNumberCell } from './cell';

export const autonumber: FieldUi = { cell: AutoNumberCell, filter: 'text', sortable: true, width: 130 };
