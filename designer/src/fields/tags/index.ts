import type { FieldUi } from '../field-ui';
import { TagsCell } from './cell';

export const tags: FieldUi = { cell: TagsCell, filter: 'tags', width: 180 };
