import type { FieldUi } from '../field-ui';
import { PhoneCell } from './cell';

export const phone: FieldUi = { cell: PhoneCell, filter: 'text', sortable: true, width: 200 };
