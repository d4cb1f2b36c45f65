import type { FieldUi } from '../field-ui';
import { MarkdownCell } from './cell';
import { MarkdownEditor } from './editor';

export const markdown: FieldUi = { editor: MarkdownEditor, cell: MarkdownCell, filter: 'text', wide: true, width: 240 };
