import type { FieldUi } from '../field-ui';
import { PersonNameCell } from './cell';

export const person_name: FieldUi = { cell: PersonNameCell, filter: 'text', sortable: true, wide: true, width: 240 };
