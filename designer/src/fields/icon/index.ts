import type { FieldUi } from '../field-ui';
import { IconCell } from './cell';
import { IconEditor } from './editor';

export const icon: FieldUi = { editor: IconEditor, cell: IconCell, filter: 'none', width: 80 };
