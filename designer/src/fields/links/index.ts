import type { FieldUi } from '../field-ui';
import { LinksCell } from './cell';
import { LinksEditor } from './editor';

export const links: FieldUi = { editor: LinksEditor, cell: LinksCell, filter: 'none', showsReadOnly: true, width: 200 };
