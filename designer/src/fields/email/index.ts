import type { FieldUi } from '../field-ui';
import { EmailCell } from './cell';
import { EmailEditor } from './editor';

export const email: FieldUi = { editor: EmailEditor, cell: EmailCell, filter: 'text', sortable: true, width: 200 };
