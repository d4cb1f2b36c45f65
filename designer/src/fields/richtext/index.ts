import type { FieldUi } from '../field-ui';
import { RichTextCell } from './cell';
import { RichTextEditor } from './editor';

export const richtext: FieldUi = { editor: RichTextEditor, cell: RichTextCell, filter: 'text', wide: true, width: 260 };
