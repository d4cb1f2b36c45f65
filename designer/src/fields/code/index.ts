import type { FieldUi } from '../field-ui';
import { CodeCell } from './cell';
import { CodeEditor } from './editor';

export const code: FieldUi = { editor: CodeEditor, cell: CodeCell, filter: 'text', wide: true, width: 240 };
