import type { FieldUi } from '../field-ui';
import { PersonNameCell } from './cell';
import { PersonNameEditor } from './editor';

export const person_name: FieldUi = { editor: PersonNameEditor, cell: PersonNameCell, filter: 'text', sortable: true, wide: true, width: 240 };
