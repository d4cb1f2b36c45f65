import type { FieldUi } from '../field-ui';
import { MarkdownCell } from './cell';

export const markdown: FieldUi = { cell: MarkdownCell, filter: 'text', wide: true, width: 240 };
