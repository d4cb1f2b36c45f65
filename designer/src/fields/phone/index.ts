import type { FieldUi } from '../field-ui';
import { PhoneCell } from './cell';
import { PhoneEditor } from './editor';

export const phone: FieldUi = { editor: PhoneEditor, cell: PhoneCell, filter: 'text', sortable: true, width: 200 };
