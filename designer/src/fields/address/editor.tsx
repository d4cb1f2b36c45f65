import type { EditorProps } from '../field-ui';
import { PartsEditor, type Part } from '../parts-editor';

const parts: readonly Part[] = [
  { name: 'street', label: 'address.street', span: 8 },
  { name: 'street2', label: 'address.street2', span: 4 },
  { name: 'postal_code', label: 'address.postalCode', span: 2 },
  { name: 'city', label: 'address.city', span: 4 },
  { name: 'region', label: 'address.region', span: 2 },
  { name: 'country', label: 'address.country', span: 4 },
];

/** A postal address in its parts. */
export function AddressEditor(editor: EditorProps) {
  return <PartsEditor {...editor} parts={parts} />;
}
