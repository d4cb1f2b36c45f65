import type { FieldUi } from '../field-ui';
import { JsonCell } from './cell';
import { JsonEditor } from './editor';

export const json: FieldUi = { editor: JsonEditor, cell: JsonCell, filter: 'none', wide: true, width: 220 };
