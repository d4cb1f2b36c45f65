import type { FieldUi } from '../field-ui';
import { EmailCell } from './cell';

export const email: FieldUi = { cell: EmailCell, filter: 'text', sortable: true, width: 200 };
