import type { FieldUi } from '../field-ui';
import { UuidCell } from './cell';
import { UuidEditor } from './editor';

export const uuid: FieldUi = { editor: UuidEditor, cell: UuidCell, filter: 'text', sortable: true, width: 220 };
