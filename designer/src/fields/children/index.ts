import type { FieldUi } from '../field-ui';
import { ChildrenCell } from './cell';
import { ChildrenEditor } from './editor';

export const children: FieldUi = { editor: ChildrenEditor, cell: ChildrenCell, filter: 'none', wide: true, showsReadOnly: true, width: 120 };
