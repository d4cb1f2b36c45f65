import type { FieldUi } from '../field-ui';
import { ColorCell } from './cell';
import { ColorEditor } from './editor';

export const color: FieldUi = { editor: ColorEditor, cell: ColorCell, filter: 'text', sortable: true, width: 120 };
