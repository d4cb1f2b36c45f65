import type { FieldUi } from '../field-ui';
import { MultilineCell } from './cell';
import { MultilineEditor } from './editor';

export const multiline: FieldUi = { editor: MultilineEditor, cell: MultilineCell, filter: 'text', wide: true, width: 260 };
