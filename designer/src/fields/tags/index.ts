import type { FieldUi } from '../field-ui';
import { TagsCell } from './cell';
import { TagsEditor } from './editor';

export const tags: FieldUi = { editor: TagsEditor, cell: TagsCell, filter: 'none', width: 180 };
