import type { FieldUi } from '../field-ui';
import { AutoNumberCell } from './cell';
import { AutoNumberEditor } from './editor';

export const autonumber: FieldUi = { editor: AutoNumberEditor, cell: AutoNumberCell, filter: 'text', sortable: true, width: 130 };
