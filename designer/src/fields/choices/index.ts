import type { FieldUi } from '../field-ui';
import { ChoicesCell } from './cell';
import { ChoicesEditor } from './editor';

export const choices: FieldUi = { editor: ChoicesEditor, cell: ChoicesCell, filter: 'none', width: 180 };
